CREATE EVENT TRIGGER kinds_login ON login EXECUTE FUNCTION kinds.on_any();
