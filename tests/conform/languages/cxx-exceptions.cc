// SPDX-License-Identifier: MIT
// cxx-exceptions - exceptions unwind through frames, threads and C callbacks and run destructors. Catches unwinders
// that do not find their tables.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static int bad, destroyed;

static void ok(bool good, const char *name)
{
	std::printf(good ? "ok %s\n" : "not ok %s: not so\n", name);
	bad += !good;
}

struct Guard {
	~Guard() { destroyed++; }
};

__attribute__((noinline)) static int deep(int n)
{
	Guard guard;

	if (n == 0)
		throw std::runtime_error("bottom");
	return deep(n - 1) + 1;
}

extern "C" int compare(const void *, const void *)
{
	throw 42;
}

int main()
{
	try {
		deep(100);
	} catch (const std::exception &e) {
		ok(std::string(e.what()) == "bottom" && destroyed == 101, "through a hundred frames");
	}
	int numbers[] = { 3, 1, 2 }, caught = 0;
	try {
		std::qsort(numbers, 3, sizeof(int), compare);
	} catch (int n) {
		caught = n;
	}
	ok(caught == 42, "through a C function");
	std::exception_ptr carried;
	std::thread([&] { try { deep(5); } catch (...) { carried = std::current_exception(); } }).join();
	try {
		std::rethrow_exception(carried);
	} catch (const std::runtime_error &) {
		ok(true, "carried to another thread");
	}
	std::vector<std::thread> threads;
	int counts[8] = {};
	for (int i = 0; i < 8; i++)
		threads.emplace_back([&counts, i] {
			for (int n = 0; n < 200; n++)
				try { deep(10); } catch (const std::runtime_error &) { counts[i]++; }
		});
	int sum = 0;
	for (int i = 0; i < 8; i++) {
		threads[i].join();
		sum += counts[i];
	}
	ok(sum == 1600, "in eight threads at once");
	try {
		volatile std::size_t huge = ~std::size_t(0) / 2;
		delete[] new char[huge];
	} catch (const std::bad_alloc &) {
		ok(true, "bad_alloc");
	}
	return bad;
}
