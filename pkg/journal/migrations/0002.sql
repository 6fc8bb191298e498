-- Statistics outlive the tickets they come from.
CREATE TABLE IF NOT EXISTS aggregates (
    office    TEXT             NOT NULL,
    day       TEXT             NOT NULL,
    hour      BIGINT           NOT NULL,
    channel   TEXT             NOT NULL,
    counter   TEXT             NOT NULL,
    service   TEXT             NOT NULL, -- '' in the row of all visits; else of those with this outcome alone
    issued    BIGINT           NOT NULL,
    served    BIGINT           NOT NULL,
    absent    BIGINT           NOT NULL,
    cancelled BIGINT           NOT NULL,
    quantity  BIGINT           NOT NULL, -- of the service
    late      BIGINT           NOT NULL, -- waits of more than 20 minutes
    waits     TEXT             NOT NULL, -- a histogram, see pkg/journal/report
    wait_s    DOUBLE PRECISION NOT NULL, -- their sum
    services  TEXT             NOT NULL, -- a histogram of the times at the counter
    service_s DOUBLE PRECISION NOT NULL, -- their sum
    PRIMARY KEY (office, day, hour, channel, counter, service)
);
