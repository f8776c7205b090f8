#!/bin/sh
# Starts the services that tests and production need, where Debian's packages are installed.
# Called by "./dev services" with the folder for data of our own. What answers already is left alone.
# The test cluster trusts every local connection: it is for tests on this machine only.
set -eu
var=$1
settings=$var/services.env
export LC_ALL=C.UTF-8

say() { printf '%s\n' "dev: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" -eq 0 ]; }
missing=

postgres_answers() { psql -qAtX -c 'SELECT 1' "$1" >/dev/null 2>&1; }

# A cluster named "zhuxin" in UTF-8: Debian's own "main" may be SQL_ASCII and asks for passwords.
start_postgres() {
    database=${ZHUXIN_TEST_DATABASE_URL:-postgresql://postgres@127.0.0.1:5432/postgres}
    have psql && postgres_answers "$database" && return
    if ! have pg_createcluster; then missing="$missing postgresql"; return; fi
    is_root || { say "PostgreSQL 需由管理员启动 the administrator starts it: ./dev services"; return 1; }
    version=$(ls /usr/lib/postgresql | sort -n | tail -n 1)
    pg_lsclusters -h | grep -q "^$version *zhuxin " ||
        pg_createcluster "$version" zhuxin --encoding UTF8 --locale C.UTF-8 -- --auth trust >&2
    pg_lsclusters -h | grep -q "^$version *zhuxin .* online" || pg_ctlcluster "$version" zhuxin start >&2
    port=$(pg_lsclusters -h | awk -v v="$version" '$1 == v && $2 == "zhuxin" { print $3 }')
    database=postgresql://postgres@127.0.0.1:$port/postgres
    postgres_answers "$database" || { say "PostgreSQL 没有响应 does not answer on port $port"; return 1; }
}

# Is there something that listens on a port of this machine?
listens() { python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$1" 2>/dev/null; }

wait_for() {
    tries=0
    until listens "$1"; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || { say "$2 没有响应 does not answer on port $1"; return 1; }
        sleep 1
    done
}

start_rabbitmq() {
    listens 5672 && return
    if ! have rabbitmq-server && [ ! -x /usr/sbin/rabbitmq-server ]; then
        missing="$missing rabbitmq-server"
        return
    fi
    is_root || { say "RabbitMQ 需由管理员启动 the administrator starts it: ./dev services"; return 1; }
    # A node name of its own: the name of a container often resolves to nothing.
    RABBITMQ_NODENAME=${RABBITMQ_NODENAME:-zhuxin@localhost} PATH=$PATH:/usr/sbin rabbitmq-server -detached >&2
    wait_for 5672 RabbitMQ
}

start_redis() {
    listens 6379 && return
    if ! have redis-server; then missing="$missing redis-server"; return; fi
    mkdir -p "$var/redis"
    redis-server --daemonize yes --bind 127.0.0.1 --port 6379 --dir "$var/redis" >/dev/null
    wait_for 6379 Redis
}

start_postgres
start_rabbitmq
# Redis is the other broker; the tests do without it.
start_redis
if [ -n "$missing" ]; then
    say "缺少 missing:$missing"
    say "请管理员执行 ask the administrator to run: apt-get install -y --no-install-recommends$missing"
fi
printf 'export ZHUXIN_TEST_DATABASE_URL=%s\nexport ZHUXIN_TEST_BROKER_URL=%s\n' \
    "$database" "${ZHUXIN_TEST_BROKER_URL:-amqp://guest:guest@127.0.0.1:5672//}" >"$settings"
cat "$settings"
case $missing in *postgresql* | *rabbitmq*) exit 1 ;; esac
