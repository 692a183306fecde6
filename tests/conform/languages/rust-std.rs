// SPDX-License-Identifier: MIT
// rust-std - threads, channels, locks, panics, files, sockets and the stack overflow guard of Rust's standard library.
// Catches what it reads at start: poll, sigaltstack, /proc/self/maps.
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, RwLock};
use std::time::{Duration, Instant};
use std::{env, fs, panic, process, thread};

static BAD: AtomicUsize = AtomicUsize::new(0);

fn ok(good: bool, name: &str) {
    if good {
        println!("ok {name}");
    } else {
        println!("not ok {name}: not so");
        BAD.fetch_add(1, Ordering::SeqCst);
    }
}

fn threads() {
    let total = Arc::new(Mutex::new(0usize));
    let barrier = Arc::new(Barrier::new(8));
    let all: Vec<_> = (0..8)
        .map(|i| {
            let (total, barrier) = (total.clone(), barrier.clone());
            thread::spawn(move || {
                for n in 0..1000 {
                    *total.lock().unwrap() += n;
                }
                barrier.wait();
                i * i
            })
        })
        .collect();
    let squares: usize = all.into_iter().map(|t| t.join().unwrap()).sum();
    ok(squares == 140 && *total.lock().unwrap() == 8 * 499500, "eight threads");
    let mut numbers = vec![1, 2, 3];
    thread::scope(|s| {
        s.spawn(|| numbers.push(4));
    });
    ok(numbers.len() == 4, "scoped thread");
}

fn channels() {
    let (send, receive) = mpsc::channel();
    for i in 0..4 {
        let send = send.clone();
        thread::spawn(move || (0..500).for_each(|n| send.send(n * 4 + i).unwrap()));
    }
    drop(send);
    ok(receive.iter().sum::<i32>() == 1999000, "channel");
    let (_send, receive) = mpsc::channel::<i32>();
    let start = Instant::now();
    ok(receive.recv_timeout(Duration::from_millis(10)).is_err(), "receive with a timeout");
    ok(start.elapsed() >= Duration::from_millis(10), "not early");
    let pair = (Mutex::new(()), Condvar::new());
    let lock = pair.0.lock().unwrap();
    ok(pair.1.wait_timeout(lock, Duration::from_millis(5)).unwrap().1.timed_out(), "condition with a timeout");
    ok(*RwLock::new(7).read().unwrap() == 7, "rwlock");
}

fn panics() {
    panic::set_hook(Box::new(|_| {}));
    let result = thread::spawn(|| {
        let empty: Vec<i32> = Vec::new();
        empty[env::args().count()]
    })
    .join();
    ok(result.is_err(), "a panic ends its thread only");
    ok(panic::catch_unwind(|| panic!("here")).is_err(), "and can be caught");
}

fn network() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || -> std::io::Result<usize> {
        let (mut conn, _) = listener.accept()?;
        let mut text = Vec::new();
        conn.read_to_end(&mut text)?;
        conn.write_all(b"thanks")?;
        Ok(text.len())
    });
    let mut conn = TcpStream::connect(address)?;
    conn.write_all(&vec![b'x'; 300000])?;
    conn.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    conn.read_to_string(&mut answer)?;
    ok(server.join().unwrap()? == 300000 && answer == "thanks", "TCP");
    Ok(())
}

fn files() -> std::io::Result<()> {
    let dir = env::temp_dir().join(format!("conform-rust-{}", process::id()));
    fs::create_dir(&dir)?;
    fs::write(dir.join("a"), "text")?;
    fs::rename(dir.join("a"), dir.join("b"))?;
    let names: Vec<_> = fs::read_dir(&dir)?.map(|e| e.unwrap().file_name()).collect();
    ok(names == ["b"] && fs::read_to_string(dir.join("b"))? == "text", "files");
    fs::remove_dir_all(&dir)?;
    ok(!dir.exists(), "removed");
    Ok(())
}

fn main() {
    threads();
    channels();
    panics();
    ok(network().is_ok(), "network without errors");
    ok(files().is_ok(), "files without errors");
    ok(thread::available_parallelism().is_ok(), "cores");
    let mut big: Vec<u64> = Vec::new();
    (0..2_000_000).for_each(|n| big.push(n));
    ok(big.iter().sum::<u64>() == 1999999000000, "a growing vector");
    process::exit(BAD.load(Ordering::SeqCst) as i32);
}
