#!/bin/bash
# SPDX-License-Identifier: MIT
# job-hosts.sh [quick] - inside the machine: ranks on isles that talk through Linux's sockets, between two hosts.
#
# The hosts are network namespaces with a cable between them and a name each; mpirun starts ranks there through a
# stand-in for ssh, as it does on a cluster.
#
# Through sockets alone, one of ten jobs or so says all it has to say and does not end, on Linux as well: in MPI_Finalize
# of MPICH before 4.2 one rank still needs the other's answers, which already waits in PMI's barrier and gives none.
# (docs/troubleshooting.md). Such a job is ended and tried again; the others must end. No windows: with them most do not.
# shellcheck source-path=SCRIPTDIR source=job-lib.sh disable=SC2154,SC2034
. "$(dirname "$0")/job-lib.sh"
export UCX_TLS=self,tcp
host=()   # what starts mpirun on another host

hosts_make()
{
	modprobe veth 2>/dev/null
	ip netns add one && ip netns add two &&
		ip link add cable netns one type veth peer name cable netns two &&
		ip -n one address add 10.77.0.1/24 dev cable && ip -n two address add 10.77.0.2/24 dev cable &&
		ip -n one link set cable up && ip -n two link set cable up &&
		ip -n one link set lo up && ip -n two link set lo up
}

# As mpirun calls it: ssh [OPTIONS] HOST WORDS OF A SHELL...
ssh_make()
{
	cat >"$dir/own-ssh" <<'END'
#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done
case $1 in
10.77.0.1) host=one ;;
10.77.0.2) host=two ;;
*) echo "ssh: there is no host $1" >&2; exit 255 ;;
esac
shift
exec ip netns exec $host unshare --uts sh -c "hostname host-$host; $*"
END
	chmod +x "$dir/own-ssh"
}

# Bytes that came to host two so far.
received() { ip netns exec two cat /sys/class/net/cable/statistics/rx_bytes; }

# ends_soon: the job ended, in $status, or did not within 15 s after it said that all is right.
ends_soon()
{
	local tries=300

	until_says "all right\|: right" || true
	while kill -0 "$pid" 2>/dev/null && [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		sleep 0.05
	done
	[ $tries -gt 0 ] || { force_end; wait "$pid" 2>/dev/null; status=hang; return 1; }
	ended
}

# through_sockets WORDS OF mpirun...
through_sockets()
{
	local try

	for try in 1 2 3 4; do
		started "${host[@]}" mpirun.mpich "$@"
		! ends_soon || break
		echo "# try $try did not leave MPI_Finalize"
	done
}

# across PROGRAM...: a job of a rank on each host; $carried bytes went from one to two.
across()
{
	local host=(ip netns exec one)

	carried=$(received)
	through_sockets -launcher ssh -launcher-exec "$dir/own-ssh" -iface cable \
		-hosts 10.77.0.1,10.77.0.2 -ppn 1 -n 2 "$@"
	carried=$(($(received) - carried))
}

talked() { says 0 "$1" && [ "$carried" -gt "$2" ]; }

if ! command -v ip >/dev/null || ! hosts_make 2>/dev/null; then
	echo "1..0 # SKIP there is no program ip, or this kernel has no network namespaces or no veth"
	exit 0
fi
ssh_make
reserve 1-3 200M@0,400M@1
if long; then
	across "$rank" ring 4194304
	report "two ranks of Linux on two hosts" talked "all right" 4194304
fi
across isle-run --cpus 1 "$rank" ring 4194304
report "two isles on two hosts: messages and collectives over the cable" talked "all right" 4194304
across isle-run --cpus 1 "$rank" threads
report "MPI_THREAD_MULTIPLE between two hosts" says 0 "all right"
across isle-run --cpus 1 "$rank" abort 7
report "MPI_Abort ends the ranks of both hosts" ends 7
if long; then
	across isle-run --cpus 1 "$solver" 24
	report "MPI and OpenMP between two hosts, the answer checked" says 0 ": right"
	unset UCX_TLS
	across isle-run --cpus 1 "$rank" ring 4194304
	report "the variables that isle-run sets fit two hosts" says 0 "all right"
	export UCX_TLS=self,tcp
	through_sockets -n 2 isle-run --cpus 1 "$rank" ring 65536
	report "two isles of one host through sockets alone" says 0 "all right"
	through_sockets -n 1 "$rank" ring 65536 : -n 1 isle-run --cpus 1 "$rank" ring 65536
	report "Linux and an isle of one host through sockets alone" says 0 "all right"
fi
ip netns del one
ip netns del two
jobs_end
