# Two commands: `make run` starts a rollup, `make test` runs every test. Both install what is missing on Debian 12.
.PHONY: run test
run:
	@tools/setup.sh run
	@tools/build.sh release mezz
	@build/release/app/mezz dev

test:
	@tools/setup.sh test
	@tools/test.py
