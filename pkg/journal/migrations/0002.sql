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
    over      BIGINT           NOT NULL, -- of waits over 20 minutes
    waits     TEXT             NOT NULL, -- histogram: see pkg/journal/report
    wait_s    DOUBLE PRECISION NOT NULL, -- sum
    services  TEXT             NOT NULL,
    service_s DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (office, day, hour, channel, counter, service)
);
