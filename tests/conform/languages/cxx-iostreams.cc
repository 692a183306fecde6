// SPDX-License-Identifier: MIT
// cxx-iostreams - files, strings and the standard streams through the C++ library. Catches seek and buffer trouble.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <unistd.h>

static int bad;

static void ok(bool good, const char *name)
{
	std::cout << (good ? "ok " : "not ok ") << name << (good ? "" : ": not so") << std::endl;
	bad += !good;
}

int main()
{
	namespace fs = std::filesystem;
	fs::path dir = fs::temp_directory_path() / ("conform-iostreams-" + std::to_string(getpid()));
	fs::path file = dir / "a" / "file";
	std::ostringstream text;
	std::string word, all;
	int number = 0, lines = 0;
	double value = 0;

	ok(fs::create_directories(file.parent_path()), "directories");
	{
		std::ofstream out(file);
		for (int i = 0; i < 5000; i++)
			out << i << ' ' << std::setprecision(17) << i / 3.0 << '\n';
	}
	std::fstream io(file, std::ios::in | std::ios::out);
	while (io >> number >> value && value == number / 3.0)
		lines++;
	ok(lines == 5000, "written and read back");
	io.clear();
	io.seekp(0);
	io << "X";
	io.seekg(0);
	std::getline(io, word);
	ok(word == "X 0", "changed in place");
	io.close();
	ok(fs::file_size(file) > 50000 && fs::exists(file), "size");
	text << std::hex << 255 << '|' << std::fixed << std::setprecision(2) << 1.5 << '|' << std::boolalpha << true;
	ok(text.str() == "ff|1.50|true", "formats");
	ok(!(std::cin >> word), "standard input is empty");
	std::cerr << "to standard error" << std::endl;
	ok(fs::remove_all(dir) == 3, "removed");
	return bad;
}
