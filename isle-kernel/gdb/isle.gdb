# SPDX-License-Identifier: MIT
# isle.gdb - commands for the isle kernel's structures. Load it with isle.debug, the image that has debug information.

define isle-threads
  printf "TID      STATE ROW WORK SLOT NAME\n"
  set $head = &the_process->threads
  set $link = $head->next
  while $link != $head
    set $thread = (struct thread *)((char *)$link - (long)&((struct thread *)0)->process_link)
    printf "%-8u %5d %3u %4x %4u %s\n", $thread->tid, $thread->state, $thread->row, $thread->work, $thread->slot, $thread->name
    set $link = $link->next
  end
end
document isle-threads
Lists the threads of the program: state 0 runnable, 1 blocked, 2 dead; the core's row; work to do; call slot.
end

define isle-regions
  set $set = &the_process->aspace->regions
  set $i = 0
  while $i < $set->nr
    set $region = $set->sorted[$i]
    printf "%016lx-%016lx prot %u kind %d flags %x\n", $region->start, $region->end, $region->prot, (int)$region->kind, $region->flags
    set $i = $i + 1
  end
end
document isle-regions
Lists the program's mappings: kind 0 anonymous, 1 a file's, 2 Linux's own pages.
end

define isle-cpus
  printf "ROW LINUX APIC CURRENT\n"
  set $i = 0
  while $i < sizeof(cpu_by_row) / sizeof(cpu_by_row[0])
    set $cpu = cpu_by_row[$i]
    if $cpu
      set $tid = 0
      if $cpu->current
        set $tid = $cpu->current->tid
      end
      printf "%3u %5u %4u %u\n", $cpu->row, $cpu->entry->linux_cpu, $cpu->apic_id, $tid
    end
    set $i = $i + 1
  end
end
document isle-cpus
Lists the cores of the isle and the thread that each runs (0: none).
end

define isle-backtrace
  set $head = &the_process->threads
  set $link = $head->next
  while $link != $head
    set $thread = (struct thread *)((char *)$link - (long)&((struct thread *)0)->process_link)
    if $thread->tid == $arg0
      # What context_switch pushed: r15 r14 r13 r12 rbx rbp, return address.
      set $sp = (unsigned long *)$thread->saved_sp
      info symbol $sp[6]
      set $depth = 0
      set $at = (unsigned long *)$thread->saved_sp + 7
      while $at < (unsigned long *)$thread->kernel_sp && $depth < 16
        if *$at >= (unsigned long)&kernel_text_start && *$at < (unsigned long)&kernel_text_end
          info symbol *$at
          set $depth = $depth + 1
        end
        set $at = $at + 1
      end
    end
    set $link = $link->next
  end
end
document isle-backtrace
isle-backtrace TID: addresses of the kernel on the stack of a thread that does not run, as names; old ones among them.
end
