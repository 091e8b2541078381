# make demo   build, run the quickstart experiment, print the report's path
# make test   build and run the whole test suite
# make bench  compare training steps and inference with PyTorch's (sets up a virtual environment
#             first); BENCH=--quick takes one step of each row, BENCH=t5-small-pt one row
# make torture  kill a sweep 200 times at random, fill its disk, cut its power; see Tools/torture
# make bench-store   compare the store, the scheduler and plans with MLflow, Optuna and trackio

SWIFT ?= swift
# Tests look inside modules; one set of flags, so that one build serves the program and its tests.
CONFIGURATION = -c release -Xswiftc -enable-testing
LIBRARIES = libopenblas-dev libsqlite3-dev libcurl4-openssl-dev libsentencepiece-dev \
            libarchive-dev libcmark-gfm-dev libcmark-gfm-extensions-dev
DEPT = .build/release/dept

.PHONY: demo test build libraries bench bench-store torture format clean

demo: build
	$(DEPT) run experiments/quickstart.swift

# Tests of the program wait for whole processes; beside them, suites that watch a scheduler at work would be
# held up.
test: libraries
	$(SWIFT) build $(CONFIGURATION) --build-tests
	$(SWIFT) test $(CONFIGURATION) --skip-build --skip DeptCommandTests
	$(SWIFT) test $(CONFIGURATION) --skip-build --filter DeptCommandTests

build: libraries
	$(SWIFT) build $(CONFIGURATION) --product dept
	$(SWIFT) build $(CONFIGURATION) --product DeptScript

libraries:
	@sh Tools/install-libraries.sh $(LIBRARIES)

bench: build
	sh benchmarks/setup.sh
	.venv/bin/python benchmarks/compare.py $(BENCH)

torture: build
	python3 Tools/torture/torture.py --kills 200 --dept $(DEPT)
	python3 Tools/torture/torture.py --mode full-disk --kills 40 --dept $(DEPT)
	python3 Tools/torture/torture.py --mode power-cut --kills 60 --dept $(DEPT)

bench-store: build
	$(SWIFT) build $(CONFIGURATION) --product TestWorker
	sh benchmarks/setup.sh .venv-store benchmarks/store-requirements.txt
	.venv-store/bin/python benchmarks/store.py $(BENCH)

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests experiments

clean:
	rm -rf .build
