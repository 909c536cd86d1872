CREATE FUNCTION shop.fingerprint(text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT AS $$ SELECT extensions.digest($1, 'sha256') $$;
CREATE TABLE shop.api_keys (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    hash bytea DEFAULT shop.fingerprint('none') NOT NULL
);
