#!/usr/bin/env bash
# Rebuilds Fixtures/captures: real programs talk to each other in network namespaces made here.
#
#   client 192.0.2.10, 2001:db8:c::10  ──  router  ──  server 198.51.100.80 and the addresses below
#
# Needs root and Linux; installs nothing (it says what is missing). No namespace has a way out, so
# nothing sent here leaves the machine. Takes about a minute; stops all it started, also on failure.
# Usage: make-captures.sh [FOLDER]      (default: the captures folder beside make/)
set -Eeuo pipefail
trap 'echo "line $LINENO failed: $BASH_COMMAND" >&2' ERR

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../captures}
tag=wfx$$
client=$tag-c router=$tag-r server=$tag-s switch=$tag-w
work=$(mktemp -d)
started=()

missing=()
for need in ip:iproute2 tcpdump:tcpdump nginx:nginx-light curl:curl openssl:openssl dig:bind9-dnsutils \
  unbound:unbound ping:iputils-ping nc:netcat-openbsd ethtool:ethtool nft:nftables python3:python3 \
  editcap:wireshark-common dumpcap:wireshark-common tshark:tshark zstd:zstd lz4:lz4; do
  command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "missing: apt-get install ${missing[*]}" >&2
  exit 69
fi
[ "$(id -u)" = 0 ] || { echo "network namespaces need root" >&2; exit 77; }

stop_all() {
  local pid space
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for space in "$client" "$router" "$server" "$switch"; do ip netns del "$space" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 1' INT TERM
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$work"
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

# ---- helpers

c() { timeout 10 ip netns exec "$client" "$@" || { echo "exit $? of $*" >&2; return 1; }; }
r() { timeout 10 ip netns exec "$router" "$@"; }
s() { timeout 10 ip netns exec "$server" "$@"; }

# Starts a server program in a namespace; at most five minutes.
serve() { # namespace command...
  local space=$1
  shift
  timeout 300 ip netns exec "$space" "$@" >/dev/null 2>>"$work/serve.log" </dev/null &
  started+=($!)
}

# Waits until a line with the text is in the file, at most ten seconds.
await() { # file text
  local i
  for i in $(seq 100); do
    grep -q "$2" "$1" 2>/dev/null && return 0
    sleep 0.1
  done
  echo "no \"$2\" in $1:" >&2
  cat "$1" >&2
  return 1
}

# Captures on an interface what a function makes happen.
capture() { # file namespace interface function [tcpdump option...]
  local file=$1 space=$2 interface=$3 traffic=$4
  shift 4
  rm -f "$out/$file" tcpdump.log
  ip netns exec "$space" timeout -s INT 60 tcpdump -Z root -n -U --immediate-mode -i "$interface" \
    -w "$out/$file" "$@" 2>tcpdump.log &
  local pid=$!
  started+=($pid)
  await tcpdump.log "listening on"
  "$traffic"
  sleep 0.3
  kill -INT "$pid"
  wait "$pid" || true
  echo "$file: $(grep -o '[0-9]* packets\? captured' tcpdump.log)"
}

# Programs that are meant to end with an error (a closed port, an unanswered ping) go through this.
may_fail() { "$@" >/dev/null 2>&1 || true; }

# ---- the three machines

up() { # namespace interface address...
  local space=$1 interface=$2 address
  shift 2
  ip netns exec "$space" ip link set "$interface" addrgenmode none
  ip netns exec "$space" ip link set "$interface" up
  # Segments and checksums as they would be on a wire, not as left to a network card.
  ip netns exec "$space" ethtool -K "$interface" tx off tso off gso off gro off >/dev/null 2>&1 || true
  for address; do
    case $address in
    *:*) ip netns exec "$space" ip address add "$address" dev "$interface" nodad ;;
    *) ip netns exec "$space" ip address add "$address" dev "$interface" ;;
    esac
  done
}

for space in "$client" "$router" "$server" "$switch"; do
  ip netns add "$space"
  ip -n "$space" link set lo up
  ip netns exec "$space" sh -c 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_ra
    echo 0 > /proc/sys/net/ipv6/conf/default/router_solicitations' 2>/dev/null || true
done
ip -n "$client" link add c0 address 02:00:00:00:00:10 type veth peer name c1 address 02:00:00:00:00:01 netns "$router"
ip -n "$server" link add s0 address 02:00:00:00:00:80 type veth peer name s1 address 02:00:00:00:00:02 netns "$router"
# A router asks for its neighbors from a link-local address; given here, so that none has to be made up.
up "$client" c0 192.0.2.10/24 2001:db8:c::10/64 fe80::10/64
up "$router" c1 192.0.2.1/24 2001:db8:c::1/64 fe80::1/64
up "$router" s1 198.51.100.1/24 2001:db8:5::1/64 fe80::2/64
up "$server" s0 198.51.100.80/24 198.51.100.53/24 2001:db8:5::80/64 2001:db8:5::53/64 fe80::80/64
# Listed, beside what is listed, and inside what is listed twice: see Fixtures/feeds.
up "$server" lo 203.0.113.66/32 203.0.113.67/32 203.0.113.127/32 203.0.113.129/32 203.0.113.200/32 \
  198.18.5.5/32 198.18.5.7/32 \
  2001:db8:bad::66/128 2001:db8:bad::67/128 2001:db8:bad:1::9/128 2001:db8:bad:1::a/128 2001:db8:bad:2::9/128
ip netns exec "$router" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'
for route in 203.0.113.0/24 198.18.0.0/15; do ip -n "$router" route add $route via 198.51.100.80; done
ip -n "$router" route add 2001:db8:bad::/48 via 2001:db8:5::80
ip -n "$client" route add 0.0.0.0/0 via 192.0.2.1
ip -n "$client" route add ::/0 via 2001:db8:c::1
ip -n "$server" route add 0.0.0.0/0 via 198.51.100.1
ip -n "$server" route add ::/0 via 2001:db8:5::1

# ---- the server's programs

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -keyout server.key -out server.pem \
  -subj "/CN=www.example.com" -addext "subjectAltName=DNS:*.example.com,DNS:*.example.net,DNS:*.example,DNS:*.test" 2>/dev/null
cp "$here/nginx.conf" "$here/unbound.conf" "$here/names.zone" .
mkdir -p html
seq -f "line %05g of a page that fills many segments" 150 >html/long
printf 'aXaXaXa, and the pattern across a segment: ' >>html/long
serve "$server" nginx -p "$work" -c nginx.conf -g 'daemon off; user root;' -e stderr
serve "$server" unbound -c "$work/unbound.conf" -d
serve "$server" nc -lk 7000
serve "$server" nc -6 -lk 7006
serve "$server" nc -u -lk 7000
serve "$server" nc -u -6 -lk 7006
for i in $(seq 50); do
  s curl -sf -o /dev/null http://198.51.100.80/ && s dig +tries=1 +time=1 @198.51.100.53 www.example.com >/dev/null && break
  [ "$i" = 50 ] && { echo "the servers did not start:" >&2; cat serve.log >&2; exit 70; }
  sleep 0.2
done

web4=198.51.100.80 web6='[2001:db8:5::80]'
fetch() { c curl -s -o /dev/null --max-time 5 "$@"; }
# To a name at an address, as if it had been looked up.
fetch_at() { # address name curl-arguments...
  local address=$1 name=$2
  shift 2
  fetch --resolve "$name:80:$address" --resolve "$name:443:$address" --resolve "$name:8080:$address" -k "$@"
}
ask() { c dig +tries=1 +time=2 "$@" >/dev/null; }

# ---- traffic

web_http1() {
  fetch_at $web4 www.example.com http://www.example.com/index.html
  fetch_at $web4 evil.example http://evil.example/
  fetch_at $web4 cdn.evil.example http://CDN.Evil.Example/lib.js
  fetch_at $web4 allowed.evil.example http://allowed.evil.example/
  fetch_at $web4 notevil.example http://notevil.example/
  fetch_at $web4 evil.example.org http://evil.example.org/evil.example
  # Three requests on one connection, then a name with a port.
  fetch_at $web4 phish.example.net http://phish.example.net/a -o /dev/null http://phish.example.net/b -o /dev/null \
    http://phish.example.net/c
  fetch_at $web4 login.phish.example.net http://login.phish.example.net:8080/
  fetch -x http://$web4:80 http://malware.test/absolute
  may_fail fetch -x http://$web4:80 -p http://c2.malware.test:443/
  fetch "http://$web4/by-address" -o /dev/null "http://$web6/by-address"
  fetch_at $web6 ads.example.org http://ads.example.org/x
  fetch_at $web6 good.ads.example.org http://good.ads.example.org/x
  fetch -H 'X-Weir-Beacon: 1' "http://$web4/gate.php?id=7"
  fetch --data 'cmd.exe /c dir' "http://$web4/post"
  fetch "http://$web4/long"
  # Two requests in one write, and one without a Host.
  printf 'GET /one HTTP/1.1\r\nHost: one.tracker.test\r\n\r\nGET /two HTTP/1.1\r\nHost: two.example.com\r\nConnection: close\r\n\r\n' |
    c nc -w 2 $web4 80 >/dev/null
  printf 'GET /no-host HTTP/1.0\r\n\r\n' | c nc -w 2 $web4 80 >/dev/null
  # Addresses: listed, the neighbor, listed by two feeds, the last one before a prefix.
  for address in 203.0.113.66 203.0.113.67 203.0.113.129 203.0.113.127; do fetch "http://$address/"; done
  for address in bad::66 bad::67 bad:1::9 bad:2::9; do fetch "http://[2001:db8:$address]/"; done
}

hello() { # address server-name options...
  local address=$1 name=$2
  shift 2
  may_fail c openssl s_client -connect "$address:443" -servername "$name" "$@" </dev/null
}
web_tls() {
  fetch_at $web4 www.example.com --tlsv1.3 https://www.example.com/
  fetch_at $web4 evil.example --tls-max 1.2 https://evil.example/
  fetch_at $web6 cdn.evil.example --tls-max 1.2 https://cdn.evil.example/
  fetch_at $web6 tracker.test --tlsv1.3 https://tracker.test/ -o /dev/null https://tracker.test/again
  hello $web4 EVIL.Example -tls1_2
  hello $web4 evil.example.com -tls1_3
  hello $web4 notevil.example -tls1_3
  hello $web4 victim.example -tls1_3
  hello $web4 deep.er.sub.victim.example -tls1_3
  may_fail c openssl s_client -connect $web4:443 -noservername -tls1_3 </dev/null
  may_fail c openssl s_client -connect '203.0.113.66:443' -noservername -tls1_2 </dev/null
  # A handshake that the server answers with HelloRetryRequest: two ClientHellos on one connection.
  hello $web4 xn--bse-sna.example -tls1_3 -groups X448:P-256
}

dns_udp() {
  local at
  for at in 198.51.100.53 2001:db8:5::53; do
    ask @$at www.example.com A
    ask @$at www.example.com AAAA
    ask @$at evil.example AAAA
    ask @$at CDN.EVIL.EXAMPLE A
    ask @$at start.example.com A
    ask @$at nothing-here.invalid A
  done
  ask @198.51.100.53 notevil.example
  ask @198.51.100.53 evil.example.org
  ask @198.51.100.53 victim.example
  ask @198.51.100.53 sub.victim.example
  ask @198.51.100.53 phish.example.net
  ask @198.51.100.53 login.phish.example.net
  ask @198.51.100.53 mixed-case.example
  ask @198.51.100.53 xn--bse-sna.example
  ask @198.51.100.53 allowed.evil.example
  ask @198.51.100.53 metrics.test
  ask @198.51.100.53 +noedns www.example.com
  ask @198.51.100.53 +dnssec +bufsize=1232 +subnet=192.0.2.0/24 www.example.com
  ask @198.51.100.53 -x 203.0.113.66
  ask @198.51.100.53 example.com MX
}
dns_tcp() {
  # Too long for 512 octets: asked over UDP, cut, asked again over TCP.
  ask @198.51.100.53 +noedns long.example.com TXT
  ask @198.51.100.53 +tcp evil.example A
  ask @2001:db8:5::53 +tcp deep.a.b.malware.test AAAA
  ask @198.51.100.53 +tcp evil.example.net A
  # Four questions on one connection.
  ask @198.51.100.53 +tcp +keepopen c2.malware.test A @198.51.100.53 tracker.test AAAA @198.51.100.53 www.example.com MX \
    @198.51.100.53 ADS.example.org A
}

pings() {
  c ping -q -c 2 -i 0.2 198.51.100.80 >/dev/null
  c ping -q -c 2 -i 0.2 203.0.113.66 >/dev/null
  c ping -q -c 1 203.0.113.67 >/dev/null
  c ping -q -c 2 -i 0.2 2001:db8:bad::66 >/dev/null
  c ping -q -c 1 2001:db8:bad:2::9 >/dev/null
  # Options of IPv4: record route, time stamps. The content is a listed pattern, but in no TCP or UDP.
  c ping -q -c 1 -R 198.51.100.80 >/dev/null
  c ping -q -c 1 -T tsonly 198.51.100.80 >/dev/null
  c ping -q -c 1 -p deadbeef00010203 198.51.100.80 >/dev/null
  # Errors that quote the header of a packet to a listed address: the router's and the host's.
  may_fail c ping -q -c 1 -W 1 -t 1 198.18.5.5
  may_fail c ping -q -c 1 -W 1 -t 1 2001:db8:bad:1::9
  printf 'quoted' | may_fail c nc -u -w 1 198.18.5.5 9
  printf 'quoted' | may_fail c nc -u -w 1 2001:db8:bad:1::9 9
  may_fail c dig +tries=1 +time=1 @192.0.2.1 quoted.evil.example
}

tcp_content() {
  printf 'first\nX-Weir-Beacon: 1\nX-Weir-Beacon:2\n' | c nc -N $web4 7000
  printf 'CMD.EXE /C one cmd.exe /c two Cmd.Exe /c three cmd.exe/c' | c nc -N 203.0.113.129 7000
  printf 'aXaXaXaXa' | c nc -N 2001:db8:5::80 7006
  printf 'before \xde\xad\xbe\xef\x00\x01\x02\x03 after \xde\xad\xbe\xef\x00\x01\x02' | c nc -N 198.18.5.7 7000
  printf '{"id": 1, "method": "mining.subscribe", "params": []}\n' | c nc -N 198.18.5.5 7000
  printf 'S\0E\0c\0r\0e\0t\0' | c nc -N $web4 7000
  # The server is the one that sends it.
  serve "$server" sh -c "printf 'hello\r\nx-evil: YES\r\n' | nc -N -l 7100"
  sleep 0.3
  c nc -d 198.51.100.80 7100 >/dev/null
}

udp_content() {
  printf 'x \xde\xad\xbe\xef\x00\x01\x02\x03 y' | c nc -u -w 1 $web4 7000
  printf 'cmd.exe /c CMD.exe /c' | c nc -u -w 1 2001:db8:5::80 7006
  printf 'nothing of note' | c nc -u -w 1 203.0.113.200 7000
  printf 'nothing of note' | c nc -u -w 1 2001:db8:bad:1::a 7006
  # Two datagrams that hold a pattern only together: no match.
  { printf 'GET /gate.'; sleep 0.2; printf 'php?id=1'; } | c nc -u -w 1 $web4 7000
}

segments() {
  # One request, one pattern and one ClientHello, each over several segments.
  { printf 'GET /slow HTTP/1.1\r\nHo'; sleep 0.2; printf 'st: cdn.ev'; sleep 0.2; printf 'il.example\r\nConnection: close\r\n\r'
    sleep 0.2; printf '\n'; } | c nc -w 2 $web4 80 >/dev/null
  { printf 'one X-Weir-Be'; sleep 0.2; printf 'acon'; sleep 0.2; printf ': two'; } | c nc -N $web4 7000
  { printf '\x00\x1e\x12\x34\x01\x00\x00\x01\x00'; sleep 0.2; printf '\x00\x00\x00\x00\x00\x04evil\x07exa'; sleep 0.2
    printf 'mple\x00\x00\x01\x00\x01'; } | c nc -w 1 198.51.100.53 53 >/dev/null
  ip -n "$server" route change 0.0.0.0/0 via 198.51.100.1 advmss 88
  hello $web4 a-rather-long-label-to-fill-a-segment-or-two.tracker.test -tls1_3
  fetch "http://$web4/" -H 'X-Filler: 0123456789012345678901234567890123456789' -H 'X-Weir-Beacon: 3'
  ip -n "$server" route change 0.0.0.0/0 via 198.51.100.1
}

lossy() {
  # The router loses every fourth packet, so that both ends send again.
  r nft 'add table inet lossy; add chain inet lossy forward { type filter hook forward priority 0; };
    add rule inet lossy forward meta l4proto tcp numgen inc mod 4 == 3 drop'
  may_fail fetch_at $web4 evil.example http://evil.example/ -o /dev/null http://evil.example/again
  { printf 'X-Weir-Beacon: 1 '; sleep 0.1; printf 'X-Weir-Beacon: 2 '; sleep 0.1; printf 'X-Weir-Beacon: 3'; } |
    may_fail c nc -N -w 5 $web4 7000
  may_fail hello $web4 tracker.test -tls1_2
  r nft delete table inet lossy
}

fragments() {
  c ping -q -c 1 -s 4000 203.0.113.66 >/dev/null
  c ping -q -c 1 -s 4000 2001:db8:bad::66 >/dev/null
  c ping -q -c 1 -s 4000 198.51.100.80 >/dev/null
  # One pattern in the first fragment, one across the first boundary, one in the last fragment.
  { printf 'X-Weir-Beacon: 1'; head -c 1448 /dev/zero; printf 'cmd.exe /c'; head -c 2000 /dev/zero; printf 'aXaXaXa'; } >big
  c nc -u -w 1 198.51.100.80 7000 <big
  { printf 'X-Weir-Beacon: 1'; head -c 1420 /dev/zero; printf 'cmd.exe /c'; head -c 2000 /dev/zero; printf 'aXaXaXa'; } >big
  c nc -u -w 1 2001:db8:5::80 7006 <big
}

few() {
  ask @198.51.100.53 evil.example A
  ask @2001:db8:5::53 notevil.example AAAA
  fetch_at $web4 cdn.evil.example http://cdn.evil.example/few
  fetch_at $web6 www.example.com --tls-max 1.2 https://www.example.com/few
  hello $web4 malware.test -tls1_3
  c ping -q -c 1 203.0.113.129 >/dev/null
  c ping -q -c 1 2001:db8:bad:1::9 >/dev/null
}

# The same over a link of its own, which the server's addresses 192.0.2.66 and so on are on.
over_link() { # IPv4 and IPv6 address of the server's end
  local four=$1 six=$2
  ask @"$four" cdn.evil.example A
  ask @"$six" www.example.com AAAA
  fetch_at "$four" evil.example http://evil.example/link
  fetch_at "[$six]" notevil.example http://notevil.example/link
  hello "$four" tracker.test -tls1_3
  printf 'cmd.exe /c' | c nc -u -w 1 "$four" 7000
  c ping -q -c 1 "$four" >/dev/null
  c ping -q -c 1 "$six" >/dev/null
}
over_vlan() { over_link 192.0.2.200 2001:db8:bad:ff01::200; }
over_tun() { over_link 198.18.64.2 2001:db8:bad:ff02::2; }

local_few() {
  s ping -q -c 1 127.0.0.1 -I 198.51.100.80 >/dev/null 2>&1 || true
  s ping -q -c 1 203.0.113.66 >/dev/null
  s ping -q -c 1 2001:db8:bad::66 >/dev/null
  s dig +tries=1 +time=2 @198.51.100.53 evil.example >/dev/null
  s dig +tries=1 +time=2 @2001:db8:5::53 c2.malware.test >/dev/null
  s curl -s -o /dev/null --resolve phish.example.net:80:198.51.100.80 http://phish.example.net/local
}

# ---- captures: Ethernet, microseconds

capture web-http1.pcap "$router" c1 web_http1
capture web-tls.pcap "$router" c1 web_tls
capture dns-udp.pcap "$router" c1 dns_udp
capture dns-tcp.pcap "$client" c0 dns_tcp
capture icmp.pcap "$client" c0 pings
capture tcp-content.pcap "$router" c1 tcp_content
capture udp-content.pcap "$router" c1 udp_content
capture segments.pcap "$client" c0 segments
capture lossy.pcap "$client" c0 lossy
capture fragments.pcap "$router" c1 fragments

# ---- link layers

capture any-sll.pcap "$router" any few -y LINUX_SLL
capture any-sll2.pcap "$client" any few -y LINUX_SLL2
capture loopback-ethernet.pcap "$server" lo local_few

# A switch between two access ports; its trunk is seen on a port of its own.
trunk() { # file tag...
  local file=$1 port
  shift
  rm -f switch.log
  timeout 120 ip netns exec "$switch" python3 "$here/switch.py" vlan left right trunk "$@" >switch.log 2>&1 &
  local pid=$!
  started+=($pid)
  await switch.log ready
  ip -n "$switch" link set left netns "$client"
  ip -n "$switch" link set right netns "$server"
  ip -n "$client" link set left address 02:00:00:00:01:10
  ip -n "$server" link set right address 02:00:00:00:01:80
  ip -n "$switch" link set trunk addrgenmode none
  ip -n "$switch" link set trunk up
  up "$client" left 192.0.2.130/25 2001:db8:bad:ff01::130/64
  up "$server" right 192.0.2.200/25 2001:db8:bad:ff01::200/64
  capture "$file" "$switch" trunk over_vlan
  kill "$pid"
  wait "$pid" || true
}
trunk vlan.pcap 8100:10
trunk qinq.pcap 88a8:20 8100:10

# A tunnel whose ends carry IP packets without a link layer.
timeout 120 ip netns exec "$switch" python3 "$here/switch.py" tun left right >switch.log 2>&1 &
tunnel=$!
started+=("$tunnel")
await switch.log ready
ip -n "$switch" link set left netns "$client"
ip -n "$switch" link set right netns "$server"
up "$client" left 198.18.64.1/30 2001:db8:bad:ff02::1/64
up "$server" right 198.18.64.2/30 2001:db8:bad:ff02::2/64
capture tun-raw.pcap "$client" left over_tun
kill "$tunnel"
wait "$tunnel" || true

# ---- files: nanoseconds, cut frames, pcapng, byte orders, compression

capture few-nanoseconds.pcap "$router" c1 few --time-stamp-precision=nano
capture few-cut.pcap "$router" c1 few -s 60

rm -f dumpcap.log
ip netns exec "$router" timeout -s INT 60 dumpcap -q -i c1 -i s1 -w "$work/two.pcapng" 2>dumpcap.log &
dumpcap=$!
started+=("$dumpcap")
await dumpcap.log "^File:"
sleep 0.5
few
sleep 1
kill -INT "$dumpcap"
wait "$dumpcap" || true
python3 "$here/convert.py" neutral two.pcapng "$out/few-two-interfaces.pcapng"

cd "$out"
editcap -F pcapng few-nanoseconds.pcap "$work/nanoseconds.pcapng"
mergecap -F pcapng -w "$work/mixed.pcapng" dns-udp.pcap tun-raw.pcap any-sll2.pcap
python3 "$here/convert.py" neutral "$work/nanoseconds.pcapng" few-nanoseconds.pcapng
python3 "$here/convert.py" neutral "$work/mixed.pcapng" few-mixed-links.pcapng
python3 "$here/convert.py" pcapng-big-endian dns-tcp.pcap few-big-endian.pcapng
cat few-nanoseconds.pcapng few-big-endian.pcapng few-two-interfaces.pcapng >few-three-sections.pcapng
python3 "$here/convert.py" big-endian dns-udp.pcap dns-udp-big-endian.pcap
python3 "$here/convert.py" big-endian few-nanoseconds.pcap few-nanoseconds-big-endian.pcap
python3 "$here/convert.py" null loopback-ethernet.pcap loopback-null.pcap
python3 "$here/convert.py" null-big-endian loopback-ethernet.pcap loopback-null-big-endian.pcap
python3 "$here/convert.py" loop loopback-ethernet.pcap loopback-openbsd.pcap
gzip -9nc dns-udp.pcap >dns-udp.pcap.gz
zstd -q -f -19 dns-udp.pcap -o dns-udp.pcap.zst
lz4 -q -f -9 dns-udp.pcap dns-udp.pcap.lz4
# Two gzip members make one file, as appending with gzip does.
{ head -c 3000 dns-udp.pcap | gzip -9nc; tail -c +3001 dns-udp.pcap | gzip -9nc; } >dns-udp-two-members.pcap.gz

# What they hold, said by tshark.
python3 "$here/truth.py" "$out"
