# `make run` starts a rollup, `make test` runs every test, `make package` makes the packages. Each installs what is missing on Debian 12.
.PHONY: run test package
run:
	@tools/setup.sh run
	@tools/build.sh release mezz
	@build/release/app/mezz dev

test:
	@tools/setup.sh test
	@tools/test.py

package:
	@tools/setup.sh package
	@tools/package.sh
