# Runs a private PostgreSQL server for as long as standard input stays open, so that none outlives the process that
# started it, whatever ends that one. Then stops it and removes its folder.
# Arguments: folder to create, bin folder, locale, authentication method, server options…
set -u
root=$1 bin=$2 locale=$3 method=$4
shift 4
umask 077
mkdir "$root" || exit 1
cd "$root" || exit 1
trap 'cd / && rm -rf "$root"' EXIT
trap '' HUP INT TERM

printf %s "${BACKUP_TEST_PASSWORD:-}" >password
printf %s "${BACKUP_TEST_TLS_CERTIFICATE:-}" >server.crt
printf %s "${BACKUP_TEST_TLS_KEY:-}" >server.key
set -- -D data -k "$root" "$@"
if [ "$method" = trust ]; then password=; else password=--pwfile=password; fi
"$bin/initdb" -D data -U postgres --encoding=UTF8 --locale="$locale" --auth="$method" $password --no-sync >initdb.log 2>&1 </dev/null ||
  { cat initdb.log >&2; exit 1; }

# Without a primary it replays what there is, which is nothing, and then waits for more.
if [ -n "${BACKUP_TEST_STANDBY:-}" ]; then : >data/standby.signal; fi

# The server must not hold the pipe itself, and a background command would otherwise read /dev/null.
exec 3<&0
"$bin/postgres" "$@" </dev/null 3<&- &
server=$!
# At once, without writing what is in memory: the folder goes next.
{ read -r _ <&3; kill -QUIT "$server" 2>/dev/null; } &
watcher=$!
exec 3<&-
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
