module example.test/wire

go 1.26
