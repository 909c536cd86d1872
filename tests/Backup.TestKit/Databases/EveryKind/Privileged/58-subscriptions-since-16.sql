CREATE SUBSCRIPTION kinds_origin CONNECTION 'host=127.0.0.1' PUBLICATION p
    WITH (connect = false, origin = none, password_required = false, run_as_owner = true, streaming = parallel);
