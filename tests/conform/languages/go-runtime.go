// SPDX-License-Identifier: MIT

// go-runtime - goroutines, channels, timers, garbage collection, preemption by signals, files and a TCP server on
// the loopback address. Catches what Go's runtime asks of clone, futex, sigaltstack, tgkill and epoll.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var bad int

func ok(good bool, name string) {
	if good {
		fmt.Println("ok", name)
	} else {
		fmt.Printf("not ok %s: not so\n", name)
		bad++
	}
}

func channels() {
	work, results := make(chan int), make(chan int)
	var group sync.WaitGroup
	for i := 0; i < 100; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := range work {
				results <- n * n
			}
		}()
	}
	go func() {
		for i := 0; i < 10000; i++ {
			work <- i
		}
		close(work)
		group.Wait()
		close(results)
	}()
	sum := 0
	for n := range results {
		sum += n
	}
	ok(sum == 333283335000, "a hundred goroutines")
}

func garbage() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	keep := make([][]byte, 100)
	for i := 0; i < 20000; i++ {
		keep[i%100] = make([]byte, 4096)
		keep[i%100][i%4096] = byte(i)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	ok(after.NumGC > before.NumGC && keep[99] != nil, "garbage collected")
}

func preemption() {
	var stop, count int64
	go func() {
		for atomic.LoadInt64(&stop) == 0 {
			count++
		}
	}()
	done := make(chan bool)
	go func() {
		time.Sleep(20 * time.Millisecond)
		runtime.GC()
		done <- true
	}()
	<-done
	atomic.StoreInt64(&stop, 1)
	ok(true, "a computing goroutine is stopped for it")
}

func network() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		ok(false, "listen")
		return
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(conn, conn); conn.Close() }()
		}
	}()
	var group sync.WaitGroup
	var good int64
	for i := 0; i < 10; i++ {
		group.Add(1)
		go func(i int) {
			defer group.Done()
			conn, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				return
			}
			defer conn.Close()
			reader := bufio.NewReader(conn)
			for n := 0; n < 50; n++ {
				fmt.Fprintf(conn, "client %d line %d\n", i, n)
				line, _ := reader.ReadString('\n')
				if line == fmt.Sprintf("client %d line %d\n", i, n) {
					atomic.AddInt64(&good, 1)
				}
			}
		}(i)
	}
	group.Wait()
	listener.Close()
	ok(good == 500, "ten clients of a TCP server")
}

func main() {
	channels()
	garbage()
	preemption()
	network()
	start := time.Now()
	<-time.After(20 * time.Millisecond)
	ok(time.Since(start) >= 20*time.Millisecond, "timer")
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	ok(<-signals == syscall.SIGUSR1, "signal")
	dir, err := os.MkdirTemp("", "conform-go-")
	file := filepath.Join(dir, "f")
	os.WriteFile(file, []byte("hello"), 0600)
	text, _ := os.ReadFile(file)
	ok(err == nil && string(text) == "hello" && os.RemoveAll(dir) == nil, "files")
	func() {
		defer func() { ok(recover() != nil, "a nil dereference is a panic") }()
		var p *int
		*p = 1
	}()
	os.Exit(bad)
}
