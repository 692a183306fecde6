// SPDX-License-Identifier: MIT
// cxx-threads - std::thread and its friends: mutexes, conditions, futures, atomics that wait, thread-local objects,
// stop tokens, barriers. Catches clock choices of timed waits.
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

static int bad;

static void ok(bool good, const char *name)
{
	std::printf(good ? "ok %s\n" : "not ok %s: not so\n", name);
	bad += !good;
}

static std::atomic<int> gone;

struct Local {
	int value = 5;
	~Local() { gone += value; }
};

static thread_local Local local;

static void waits()
{
	std::mutex m;
	std::condition_variable cv;
	std::timed_mutex tm;
	std::unique_lock<std::mutex> lock(m);
	auto start = std::chrono::steady_clock::now();

	ok(cv.wait_for(lock, 10ms) == std::cv_status::timeout, "a condition's time is up");
	ok(cv.wait_until(lock, std::chrono::system_clock::now() + 10ms) == std::cv_status::timeout, "on the other clock");
	ok(std::chrono::steady_clock::now() - start >= 20ms, "not early");
	tm.lock();
	ok(!std::async(std::launch::async, [&] { return tm.try_lock_for(5ms); }).get(), "a mutex held by another");
}

int main()
{
	std::vector<std::thread> threads;
	std::atomic<long> sum = 0;
	std::atomic<int> flag = 0;
	std::shared_mutex shared;
	std::barrier<> step(4);
	long plain = 0;

	for (int i = 0; i < 4; i++)
		threads.emplace_back([&, i] {
			local.value = i + 1;
			for (int n = 0; n < 1000; n++) {
				sum += n;
				std::unique_lock<std::shared_mutex> lock(shared);
				plain++;
			}
			step.arrive_and_wait();
		});
	for (auto &t : threads)
		t.join();
	ok(sum == 4 * 499500 && plain == 4000, "sums");
	ok(gone == 10, "thread-local destructors");
	auto future = std::async(std::launch::async, [] { return 21 * 2; });
	ok(future.get() == 42, "future");
	std::thread waker([&] { std::this_thread::sleep_for(5ms); flag = 1; flag.notify_all(); });
	flag.wait(0);
	waker.join();
	ok(flag == 1, "an atomic that waits");
	std::jthread stopped([](std::stop_token token) { while (!token.stop_requested()) std::this_thread::yield(); });
	stopped.request_stop();
	stopped.join();
	ok(true, "stop token");
	std::counting_semaphore<4> semaphore(0);
	ok(!semaphore.try_acquire_for(5ms), "semaphore");
	waits();
	ok(std::thread::hardware_concurrency() >= 1, "cores");
	return bad;
}
