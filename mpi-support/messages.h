/* SPDX-License-Identifier: MIT */
/*
 * messages.h - every sentence with which a job is refused or warned, in one table.
 *
 * The code takes its sentences from here and docs/mpi.md is made from here, so that what a user
 * reads on the screen is what the document explains. A row is: name, errno (0: a note, the job
 * goes on), sentence, what to do about it (for the document).
 */
#ifndef MPI_SUPPORT_MESSAGES_H
#define MPI_SUPPORT_MESSAGES_H

#define MPI_MESSAGES_PLACEMENT(M) \
M(PLACE_BAD_RESERVE, EINVAL, \
  "the list of reserved CPUs makes no sense: CPU %u %s", \
  "The module and this program do not fit together: install both from one version.") \
M(PLACE_NO_RANKS, EINVAL, \
  "a job of %u local ranks cannot be placed; it has 1 to %u", \
  "Start at least one rank, and at most as many as one host can have cores.") \
M(PLACE_NOTHING_FREE, ENOSPC, \
  "the reserve has no free core with memory: reserve some with islectl reserve, or wait until " \
  "other isles have ended", \
  "See `islectl status`. Cores whose node has no free reserved memory do not count.") \
M(PLACE_TOO_MANY_RANKS, ENOSPC, \
  "%u local ranks need %u cores, one each at least, and %u cores of the reserve can be used: " \
  "start at most %u ranks on this host, or reserve more cores", \
  "MPICH spins and never yields, so two ranks never share a core. Start fewer ranks or reserve " \
  "more cores.") \
M(PLACE_TOO_MANY_CPUS, ENOSPC, \
  "%u local ranks with %u CPUs each do not fit into the reserve: at most %u such ranks fit, or " \
  "%u CPUs a rank", \
  "Ask for fewer CPUs a rank, start fewer ranks, or reserve more cores. A rank stays on one node " \
  "if any node is large enough, so a few cores of each node may be left over.") \
M(PLACE_ISLE_TOO_WIDE, E2BIG, \
  "%u CPUs a rank are more than an isle can have, which is %u", \
  "Start more ranks with fewer CPUs each.") \
M(PLACE_TOO_MUCH_MEM, ENOSPC, \
  "%u local ranks with %llu MiB each do not fit into the reserve: at most %u such ranks fit, or " \
  "%llu MiB a rank", \
  "Memory of a rank comes from the nodes of its cores. Ask for less a rank, start fewer ranks, " \
  "or reserve more memory on these nodes.") \
M(PLACE_TOO_LITTLE_MEM, ENOSPC, \
  "rank %u would get %llu MiB of node %u's memory and an isle needs %llu MiB: start fewer ranks, " \
  "or reserve more memory there", \
  "The free memory of a node is divided by its cores. Reserve more memory on that node or start " \
  "fewer ranks.") \
M(PLACE_NODE_NOT_FREE, ENOSPC, \
  "node %u has no free core with memory in the reserve; leave it out, or reserve some there", \
  "Name nodes that `islectl status` lists with free cores and free memory.") \
M(PLACE_CPU_NOT_FREE, EBUSY, \
  "CPU %u is not a free CPU of the reserve; leave it out, or reserve it", \
  "Name CPUs that `islectl status` lists as free.") \
M(PLACE_HALF_CORE, EINVAL, \
  "CPU %u is asked for without CPU %u of the same core, and an isle takes whole cores: name both " \
  "or none", \
  "Hardware threads of a core never go to two isles. Name all threads of a core.") \
M(PLACE_NO_MEMORY, ENOMEM, \
  "no memory for the plan of %u ranks", \
  "Linux itself has run out of memory: free some.")

#define MPI_MESSAGES_LAUNCHER(M) \
M(JOB_OPEN_MPI, ENOTSUP, \
  "this rank was started by Open MPI, which isles do not know: build the program with MPICH " \
  "(device ch4:ucx) and start it with MPICH's mpirun, or with srun --mpi=pmi2", \
  "On Debian: `apt install mpich`, rebuild with `mpicc.mpich`, start with `mpirun.mpich`.") \
M(JOB_PMIX, ENOTSUP, \
  "this rank was started through PMIx, which isles do not know: use MPICH's mpirun, or " \
  "srun --mpi=pmi2", \
  "PMIx was not tried on isles. Both ways named use the PMI that MPICH brings.") \
M(JOB_INCOMPLETE, EINVAL, \
  "%s is set and %s is not: start ranks with mpirun or srun directly, and pass their variables " \
  "on", \
  "A wrapper between the launcher and isle-run cleaned the environment. Let it pass `PMI_*`, " \
  "`MPI_*` and `SLURM_*` on.") \
M(JOB_BAD_VALUE, EINVAL, \
  "%s=%s is not a number from %u to %u: it was not set by a launcher", \
  "Unset the variable, or look for the script that sets it.") \
M(JOB_CONTRADICTION, EINVAL, \
  "%s=%u and %s=%u contradict each other: one of them was not set by this job's launcher", \
  "Variables of an outer job reach an inner one: unset the older ones.") \
M(JOB_BAD_TASKS, EINVAL, \
  "%s=%s is not a list of tasks per node like 2(x3),1", \
  "Unset the variable, or look for the script that sets it; srun sets it anew.") \
M(JOB_NOT_IN_TASKS, EINVAL, \
  "node %u of the step is not in %s=%s, which has %u nodes", \
  "Variables of an outer job reach an inner one: start ranks with srun directly.") \
M(JOB_NO_KEY, ESRCH, \
  "the launcher of this rank cannot be seen in /proc: %s", \
  "Local ranks find each other by their launcher's process. Mount /proc, in the launcher's " \
  "process namespace.") \
M(JOB_ORPHAN, ESRCH, \
  "the launcher of this rank has ended", \
  "It crashed or was killed while it started the ranks. Start the job again.") \
M(JOB_BOUND, 0, \
  "the launcher bound this rank to %u of %u CPUs of Linux; isles have cores of their own, so " \
  "this binds only the rank's system calls: better start it with %s", \
  "A note, the job goes on. Forwarded system calls of a rank share the CPUs that Linux lets its " \
  "process have.") \
M(JOB_BINDING_UNKNOWN, EIO, \
  "cannot tell which CPUs this process may use: %s", \
  "Mount /sys and /proc.")

#define MPI_MESSAGES_MEETING(M) \
M(MEET_NO_PLACE, EACCES, \
  "local ranks have no place to meet: %s cannot be used (%s)", \
  "Set `XDG_RUNTIME_DIR` to a directory of your own with mode 0700, the same for all ranks, or " \
  "let whoever owns the named directory remove it.") \
M(MEET_BAD_FILE, EPROTO, \
  "%s is not a meeting of this version: remove it, and use one version of isle-run in a job", \
  "The file was left by another version or damaged.") \
M(MEET_FAILED, EIO, \
  "local ranks cannot meet in %s (%s)", \
  "The file system of the named file is full or failing.") \
M(MEET_TWICE, EEXIST, \
  "local rank %u of this job is there already, as process %u: start isle-run once a rank", \
  "A rank's script starts several isle-run at once. Start them one after the other.") \
M(MEET_SIZE, EINVAL, \
  "local rank %u says the job has %u ranks on this host, another said %u", \
  "Variables of an outer job reach an inner one, or ranks of two jobs share a launcher: give " \
  "each job its own mpirun.") \
M(MEET_DIFFERENT, ESTALE, \
  "local rank %u planned other isles than the ranks before it: give all ranks the same options; " \
  "if they have them, the reserve changed meanwhile and the job can be started again", \
  "The plan is the same for all ranks that see the same reserve. Start the job again.") \
M(MEET_LATE, ETIMEDOUT, \
  "local rank %u waited %u s and rank%s %s did not come", \
  "The named ranks are stuck before isle-run, or were not started through it. Start every rank " \
  "of a host through isle-run.") \
M(MEET_SLOW, ETIMEDOUT, \
  "local rank %u waited %u s and rank%s %s had no isle yet", \
  "The named ranks are stuck taking their isles: see `islectl list` and `islectl log`.") \
M(MEET_GONE, EOWNERDEAD, \
  "local rank %u ended before it came to meet the others", \
  "Look at what that rank printed; the others have taken nothing.") \
M(MEET_UNEXPECTED, EALREADY, \
  "local rank %u comes after the others took it for a program on Linux: let it start isle-run " \
  "within the first two seconds", \
  "A static program that later becomes isle-run looks like a rank on Linux. Start isle-run " \
  "directly, or from a shell script.") \
M(MEET_DIED, EOWNERDEAD, \
  "local rank %u (process %u) ended before the job had all of its isles", \
  "Look at what that rank printed; the others gave their isles back.") \
M(MEET_REFUSED, ECANCELED, \
  "local rank %u could not get its isle, so the job is given up: %s", \
  "Do what the rank's own sentence says; the others gave their isles back.") \
M(MEET_BUSY, EBUSY, \
  "the former meeting of this launcher's ranks did not end within %u s", \
  "Ranks of the program before are stuck: end them.")

#define MPI_MESSAGES_FIT(M) \
M(FIT_NO_PROGRAM, ENOENT, \
  "%s cannot be read (%s)", \
  "Name the program as isle-run would be given it.") \
M(FIT_NO_LDD, EIO, \
  "the libraries of %s cannot be listed: %s", \
  "Run `ldd` on the program by hand and look at what it says.") \
M(FIT_LOST_LIBRARY, ENOENT, \
  "%s is not found: install it, or set LD_LIBRARY_PATH", \
  "The program would not start on Linux either.") \
M(FIT_NO_MPI, ENOEXEC, \
  "%s is not linked with an MPI library", \
  "A program without MPI needs no mpirun. A script is checked by naming the program it starts.") \
M(FIT_OPEN_MPI, ENOTSUP, \
  "%s uses Open MPI (%s), which isles do not know: rebuild it with MPICH (device ch4:ucx)", \
  "On Debian: `apt install mpich`, rebuild with `mpicc.mpich`.") \
M(FIT_OTHER_MPI, ENOTSUP, \
  "%s uses %s, whose device is %s; isles know MPICH with ch4:ucx", \
  "Another device may work, but its variables were not tried: use the MPICH of Debian 12, or one " \
  "built `--with-device=ch4:ucx`.") \
M(FIT_NO_TRANSPORT, ENOTSUP, \
  "UCX in %s has no transport posix, through which ranks on isles share memory", \
  "Install UCX built with POSIX shared memory, as every distribution has it.") \
M(FIT_STATIC, 0, \
  "%s has MPICH inside and its device is %s", \
  "A note. Static programs work the same way; UCX modules are not in them.") \
M(ENV_NO_SHARED, 0, \
  "UCX_TLS=%s names no shared memory transport, so ranks of this host talk through the network", \
  "A note, your value is kept. Unset `UCX_TLS`, or add `posix`.") \
M(ENV_CMA, 0, \
  "UCX_TLS=%s names cma, which reads the memory of other processes and is not there on isles", \
  "A note, your value is kept. Unset `UCX_TLS`, or name `self,posix`.")

#define MPI_MESSAGES(M) \
	MPI_MESSAGES_PLACEMENT(M) \
	MPI_MESSAGES_LAUNCHER(M) \
	MPI_MESSAGES_MEETING(M) \
	MPI_MESSAGES_FIT(M)

#endif
