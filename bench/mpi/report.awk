# SPDX-License-Identifier: MIT
# report.awk - tables and verdicts of run.sh from its raw lines:
#
#   linux|isle kind NUMBER NAME ITEMS       what a kind's number means; numbers from `isles' up are the isles'
#   count KIND CPU PROGRAM KERNEL           instructions of one item on one CPU, at addresses of programs and of kernels
#   phase PHASE ISLE COUNTER DIFFERENCE     what a counter moved in a phase; isle "-", counter "rounds": its length
#   sample SIZE PAIR TICKS                  the median time of a round
#   load LOAD CPUS                          the host's load before all of it, and its CPUs
#   failed WHAT                             something did not run
BEGIN {
	must_stand = "syscalls-local syscalls-forwarded syscalls-unknown interrupts page-faults exceptions ipis-in ipis-out " \
		"doorbells-in doorbells-out switches idle-entries"
	n_counters = split(must_stand, counter_names)
	most_calls = 400
	most_ratio = 1.10
	most_difference = 0.02
}
$1 == "failed" { sub(/^failed /, ""); verdict(0, $0) }
$2 == "kind" { names[$3] = $4; if ($1 == "linux") order[++n_kinds] = $3 }
/ all messages right$/ { right++ }
$1 == "count" && $2 > 0 {
	key = $2 " " $3
	if (!(key in items)) { cpu[$2, ++n_cpus[$2]] = $3 }
	program[key, ++items[key]] = $4
	kernel[$2] += $5
}
$1 == "phase" && $4 == "rounds" { rounds[$2] = $5; phases[++n_phases] = $2; next }
$1 == "phase" { moved[$2, $4] += $5; seen[$2, $4]++; by_isle[$2, $3, $4] = $5; isle[$3] = 1 }
$1 == "load" { load = $2; host_cpus = $3 }
$1 == "sample" {
	if (!($2 in times_of)) { times_of[$2] = 1; sizes[++n_sizes] = $2 }
	sample[$2 " " $3, ++n_samples[$2 " " $3]] = $4
}

function line(text) { print mark text }
function verdict(ok, text) { results[++n_results] = (ok ? "ok " : "not ok ") n_results " - " text; bad = bad || !ok }

function skipped(text, why) { results[++n_results] = "ok " n_results " - " text " # SKIP " why }

# The value of list[key, 1..n] that has `part' of the others below it.
function quantile(list, key, n, part,    i, j, v, sorted)
{
	for (i = 1; i <= n; i++) {
		v = list[key, i]
		for (j = i - 1; j >= 1 && sorted[j] > v; j--)
			sorted[j + 1] = sorted[j]
		sorted[j + 1] = v
	}
	return sorted[int((n - 1) * part + 0.5) + 1]
}

# Instructions of programs a message of a kind takes, both ranks together: the sum of the medians.
function message(kind,    i, key, sum)
{
	if (!n_cpus[kind])
		return 0
	for (i = 1; i <= n_cpus[kind]; i++) {
		key = kind " " cpu[kind, i]
		sum += quantile(program, key, items[key], 0.5)
	}
	return sum
}

function counts_report(    i, k, mine, other, worst, difference, loop, kernel_isle, complete)
{
	line("instructions a message, both ranks together, in turns without waiting (median); Linux's ticks apart")
	line(sprintf("%-16s %10s %10s %8s %14s %14s", "message", "isles", "Linux", "ratio", "isle kernels", "Linux kernels"))
	complete = n_kinds > 0
	for (i = 1; i <= n_kinds; i++) {
		k = order[i]
		other = message(k)
		mine = message(k - 1 + isles)
		if (!mine || !other || n_cpus[k] != 2) {
			complete = 0
			continue
		}
		kernel_isle += kernel[k - 1 + isles]
		line(sprintf("%-16s %10d %10d %8.4f %14d %14d", names[k], mine, other, mine / other,
			     kernel[k - 1 + isles], kernel[k]))
		difference = mine / other - 1
		if (difference < 0)
			difference = -difference
		if (names[k] == "loop")
			loop = mine == other && mine == 4000
		else if (difference > worst)
			worst = difference
	}
	verdict(complete && right == 2, "all kinds of messages were counted on isles and on Linux, and arrived as sent")
	verdict(loop, "a loop of 1000 turns counts 2000 instructions on each rank")
	verdict(complete && worst <= most_difference,
		sprintf("a message takes as many instructions on isles as on Linux: %.2f %% apart, at most %d %%",
			worst * 100, most_difference * 100))
	verdict(complete && kernel_isle == 0, "no instruction of an isle kernel is among them: " kernel_isle + 0)
}

function phases_report(    i, k, p, c, text, still, calls)
{
	line("")
	line("what the counters of both isles move in a second of each phase, and the rounds of the phase")
	for (i = 1; i <= n_phases; i++) {
		p = phases[i]
		text = ""
		still = 1
		for (k = 1; k <= n_counters; k++) {
			c = counter_names[k]
			if (seen[p, c] != 2)
				still = 0
			if (moved[p, c] != 0) {
				still = 0
				text = text " " c " " moved[p, c]
			}
			if (p == "calls" && c != "syscalls-unknown" && moved[p, c] <= 0)
				silent = silent " " c
		}
		line(sprintf("%-16s %8d  %s", p, rounds[p], text ? text : "nothing"))
		if (p != "calls")
			verdict(still && rounds[p] > 0, "no call, interrupt, fault, IPI or doorbell on both isles: " p)
		else
			verdict(silent == "", "the counters count where there is something to count" (silent ? ", but not" silent : ""))
	}
	verdict(n_phases > 1, "the phases ran")
	for (i in isle) {
		if (i == "-")
			continue
		calls = by_isle["init", i, "syscalls-forwarded"]
		verdict(calls > 0 && calls <= most_calls, "MPI_Init on an isle makes " calls + 0 " forwarded calls, at most " most_calls)
	}
}

# Rounds in which the host did something else last as long as that; with many of them medians mean nothing.
function times_report(    i, s, a, key, m, n, l, low, worst, which, worst_low, spread, incomplete, text)
{
	line("")
	line("there and back, ticks of the TSC: median of the rounds, quartiles, the least tenth; ratios to Linux-Linux")
	line(sprintf("%8s  %-12s %10s %7s %10s %10s %10s %7s", "bytes", "pair", "median", "ratio", "quartile", "quartile",
		     "tenth", "ratio"))
	split("isle-isle isle-linux linux-linux", pair_names, " ")
	for (i = 1; i <= n_sizes; i++) {
		s = sizes[i]
		n = n_samples[s " linux-linux"]
		l = quantile(sample, s " linux-linux", n, 0.5)
		low = quantile(sample, s " linux-linux", n, 0.1)
		for (a = 1; a <= 3; a++) {
			key = s " " pair_names[a]
			incomplete = incomplete || n_samples[key] != n
			if (!n_samples[key] || !l)
				continue
			m[1] = quantile(sample, key, n, 0.1)
			m[2] = quantile(sample, key, n, 0.25)
			m[3] = quantile(sample, key, n, 0.5)
			m[4] = quantile(sample, key, n, 0.75)
			line(sprintf("%8d  %-12s %10d %7.2f %10d %10d %10d %7.2f", s, pair_names[a], m[3], m[3] / l, m[2],
				     m[4], m[1], m[1] / low))
			if (m[3] / l > worst) {
				worst = m[3] / l
				which = pair_names[a] ", " s " bytes"
			}
			worst_low = m[1] / low > worst_low ? m[1] / low : worst_low
			# The pairs take turns of milliseconds, so a host that does something else shows in Linux's too.
			if (a == 3 && m[4] / m[2] > spread)
				spread = m[4] / m[2]
		}
	}
	line("an emulated machine: compare rows, and do not quote them")
	line(sprintf("the host has %d CPUs and had a load of %s before; a pair talks on two of them", host_cpus, load))
	verdict(n_sizes > 0 && !incomplete, "all pairs talked in all rounds")
	text = sprintf("no pair is slower than Linux by more than 10 %%: at most %.2f times (%s), host's load %s", worst,
		which, load)
	if (spread > 2)
		skipped(text, sprintf("NO VERDICT: the host's cores were shared, for Linux's quartiles lie up to %.1f times apart; " \
			"the least tenth of the rounds has ratios up to %.2f", spread, worst_low))
	else
		verdict(worst > 0 && worst <= most_ratio, text)
}

END {
	counts_report()
	phases_report()
	if (/^short no/)
		times_report()
	if (!mark)
		print ""
	for (i = 1; i <= n_results; i++)
		print results[i]
	print "1.." n_results
	exit bad
}
