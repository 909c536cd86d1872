CREATE DOMAIN kinds.known AS text CONSTRAINT "must be ""known""" NOT NULL CHECK (VALUE <> '');
