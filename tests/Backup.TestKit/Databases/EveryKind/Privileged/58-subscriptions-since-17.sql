CREATE SUBSCRIPTION kinds_failover CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false, failover = true);
