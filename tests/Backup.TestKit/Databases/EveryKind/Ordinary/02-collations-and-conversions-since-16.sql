CREATE COLLATION kinds.ruled (provider = icu, locale = 'und', rules = '&V << w <<< W');
