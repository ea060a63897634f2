# SPDX-License-Identifier: Apache-2.0
# A short front to meson and the scripts in tools/. `make help` says what there is.

BUILD := build
LOOKS := $(or $(DWELL_CACHE),$(HOME)/.cache/dwell)/models/nanodet-g-looks.onnx
JOBS := $(shell nproc)

.DEFAULT_GOAL := build
TARGETS := $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)
.PHONY: $(TARGETS)

# What tests and benchmarks need is installed for them, and for nothing else.
$(filter test bench-% kill-% crash-% mutate soak% fuzz coverage camera-trials call-failures,$(TARGETS)): setup-test
build-test/bench/build.ninja build-test/leaks/build.ninja: | setup-test

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

setup: ## install what building and running need, fetch the model and the sample video
	@tools/setup run

setup-test: ## install what tests and benchmarks need as well
	@tools/setup test

$(BUILD)/build.ninja:
	@meson setup $(BUILD) -Dtests=false

# The page; without npm the program has a plain one that says so.
web/dist/index.html: $(shell find web/src -type f) $(wildcard web/*.json web/*.ts web/*.html)
	@if command -v npm >/dev/null; then \
	  (cd web && npm ci --omit=dev --no-audit --no-fund --loglevel=error && npm run --silent build) \
	    || echo "make: the page could not be built; the program gets a plain one" >&2; \
	fi

build: $(BUILD)/build.ninja web/dist/index.html ## build the program: build/dwell
	@ninja -C $(BUILD) -j $(JOBS)

run: setup ## set up, build, measure the sample video, and show it in the browser
	@$(MAKE) --no-print-directory build
	@tools/run-sample $(BUILD)/dwell
	@tools/run-serve $(BUILD)/dwell

test: ## set up and run every check and test; WORDS="unit tidy" runs some
	@tools/test $(WORDS)

format: ## lay the C sources out as .clang-format says
	@find src tests -name '*.[ch]' -exec clang-format -i {} +

fuzz: ## fuzz each parser longer, with other inputs each time: RUNS=1000000, ONLY=http
	@tools/test --fuzz-runs $(or $(RUNS),1000000) --fuzz-seed 0 --fuzz-only "$(ONLY)" fuzz

coverage: ## lines and branches of src/core that its tests run
	@tools/coverage

mutate: ## does a test notice each change of the visit code? SAMPLE=40 tries some, FILES="stay zone"
	@tools/mutate $(if $(SAMPLE),--sample $(SAMPLE)) $(FILES)

bench: build ## time the stages on the sample video
	@tools/run-sample --bench $(BUILD)/dwell

bench-http: build-test/bench/build.ninja web/dist/index.html ## time pages, reports, 200 viewers: STORE=, or VISITS=
	@ninja -C build-test/bench -j $(JOBS) dwell tests/http/http-site tests/bench/bench-store
	@mkdir -p out
	@[ -e $(or $(STORE),out/bench-store.db) ] || \
	  build-test/bench/tests/bench/bench-store out/bench-store.db $(VISITS)
	@DWELL_PROGRAM=build-test/bench/dwell DWELL_HTTP_SITE=build-test/bench/tests/http/http-site \
	  tests/bench/bench_http $(or $(STORE),out/bench-store.db)

bench-page: build ## how soon the page is there, in Chromium, while the sample video is measured: ZONES=1000
	@[ -d web/node_modules/playwright-core ] || npm ci --prefix web --no-audit --no-fund --loglevel=error
	@ZONES=$(or $(ZONES),1) DWELL_PROGRAM=$(BUILD)/dwell node tests/bench/bench_page.mjs

bench-track: $(BUILD)/build.ninja ## time tracker and visits by the number of people, on one thread
	@ninja -C $(BUILD) -j $(JOBS) tests/bench/bench-track
	@tools/bench-track $(BUILD)/tests/bench/bench-track

bench-looks: build-test/bench/build.ninja ## what looks tell apart, and bring to links: VIDEO=, FOLDER= with its truth, FPS=
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-look tests/bench/bench-links
	@build-test/bench/tests/bench/bench-look $(VIDEO) $(FOLDER)/tracks_truth.csv $(FPS)
	@for share in 0.15 0.3; do \
	  build-test/bench/tests/bench/bench-links $(FOLDER) $(VIDEO) $$share || exit 1; \
	done

bench-cameras: build ## how many cameras this machine carries: CAMERAS=16 SECONDS=100
	@tools/bench-cameras --cameras $(or $(CAMERAS),16) --seconds $(or $(SECONDS),100)

bench-viewers: build ## whether those who look live slow the cameras: CAMERAS=4 VIEWERS=200 SECONDS=15
	@for what in --detections ""; do \
	  tools/bench-cameras --cameras $(or $(CAMERAS),4) --seconds $(or $(SECONDS),15) \
	    --viewers $(or $(VIEWERS),200) $$what || exit 1; \
	done

bench-still: build ## what not looking at still pictures costs and saves
	@tools/bench-still

bench-decoder: build-test/bench/build.ninja ## what decoding in a process of its own costs: VIDEOS="..." (the sample video)
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-decoder
	@mkdir -p out
	@[ -n "$(VIDEOS)" ] || ffmpeg -v error -y -i $(HOME)/.cache/dwell/media/vtest.avi -t 30 -r 10 \
	  -vf scale=640:360 -c:v libx264 -preset veryfast -bf 0 -g 50 -b:v 500k out/camera.mp4
	@build-test/bench/tests/bench/bench-decoder $(or $(VIDEOS),out/camera.mp4)

bench-picture: build-test/bench/build.ninja ## what is noticed of spoilt pictures: VIDEOS="..." (the sample video)
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-picture
	@build-test/bench/tests/bench/bench-picture $(or $(VIDEOS),$(HOME)/.cache/dwell/media/vtest.avi)

bench-staff: build-test/bench/build.ninja ## staff told from shoppers: VIDEO=, FOLDER= with its truth, FPS=, PEOPLE=, NETWORK=, REID= models, LIGHTS=1
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-staff
	@build-test/bench/tests/bench/bench-staff $(VIDEO) $(FOLDER)/tracks_truth.csv $(FPS) \
	  $(or $(PEOPLE),tests/bench/staff_pets09_s2l1.csv) $(or $(NETWORK),$(LOOKS)) $(REID)

bench-staff-cost: build ## what telling staff costs, of all
	@tools/bench-staff-cost $(BUILD)/dwell

bench-staff-train: build-test/bench/build.ninja ## how long a training takes: TRACKS=2000
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-staff-train
	@build-test/bench/tests/bench/bench-staff-train $(TRACKS)

bench-staff-visits: build ## what staff do to the figures of shoppers, from the video to visits
	@tools/bench-staff-visits $(BUILD)/dwell

bench-stats: build-test/bench/build.ninja ## prove the statistics on simulated shops: SHOPS=1000 FIRST=1
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-stats
	@build-test/bench/tests/bench/bench-stats $(or $(SHOPS),1000) $(or $(FIRST),1)

mutate-videos: ## 10,000 mutated groups of pictures a codec into sandboxed decoders, FFmpeg sanitized as well: GROUPS=10000
	@tools/setup ffmpeg
	@tools/sanitized-ffmpeg build-test/ffmpeg
	@[ -e build-test/mutate/build.ninja ] || CC=clang meson setup build-test/mutate \
	  -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C build-test/mutate -j $(JOBS) tests/unit/media/test_media_decoder
	@DWELL_GROUPS=$(or $(GROUPS),10000) LSAN_OPTIONS=suppressions=tools/lsan.supp \
	  LD_LIBRARY_PATH=build-test/ffmpeg/lib build-test/mutate/tests/unit/media/test_media_decoder

build-test/bench/build.ninja:
	@meson setup build-test/bench --buildtype=release

bench-store: build-test/bench/build.ninja ## time both kinds of store, in out/: VISITS=10000000
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-store
	@mkdir -p out
	@build-test/bench/tests/bench/bench-store out/bench-store.db $(VISITS)
	@DWELL_TEST_FSYNC=on tests/unit/store/with_postgres sh -c \
	  'build-test/bench/tests/bench/bench-store "postgresql:///postgres?$$DWELL_TEST_POSTGRES" $(VISITS)'

kill-store: build-test/bench/build.ninja ## kill a writer at work, both kinds of store: KILLS=1000
	@ninja -C build-test/bench -j $(JOBS) tests/unit/store/test_store_store_kill
	@export DWELL_KILLS=$(or $(KILLS),1000); \
	  build-test/bench/tests/unit/store/test_store_store_kill && \
	  tests/unit/store/with_postgres build-test/bench/tests/unit/store/test_store_store_kill

crash-store: build-test/bench/build.ninja ## cut the power at any write below SQLite, refuse every write once: CRASHES=1000
	@ninja -C build-test/bench -j $(JOBS) tests/unit/store/test_store_store_faults
	@DWELL_CRASHES=$(or $(CRASHES),1000) DWELL_FAULTS=all \
	  build-test/bench/tests/unit/store/test_store_store_faults

kill-serve: build ## kill dwell serve at work: KILLS=10000, for MINUTES= at most, SHOPS=4 at once
	@DWELL_KILLS=$(or $(KILLS),10000) DWELL_MINUTES=$(or $(MINUTES),inf) \
	  DWELL_SHOPS=$(or $(SHOPS),4) DWELL_PROGRAM=$(BUILD)/dwell /usr/bin/python3 -B \
	  tests/integration/test_serve.py Killed

kill-decoders: build ## kill decoders of twelve cameras at work: KILLS=10000
	@DWELL_KILLS=$(or $(KILLS),10000) DWELL_PROGRAM=$(BUILD)/dwell /usr/bin/python3 -B \
	  tests/integration/test_decoder.py \
	  Decoders.test_a_killed_decoder_costs_neither_picture_nor_visit

build-test/leaks/build.ninja:
	@CC=gcc meson setup build-test/leaks -Db_sanitize=address

call-failures: build-test/bench/build.ninja build-test/leaks/build.ninja ## let every call and allocation fail, one in each life, and look for leaks: COUNT=500 of each
	@for build in bench leaks; do \
	  if [ $$build = leaks ]; then export DWELL_SANITIZER=leaks; fi; \
	  ninja -C build-test/$$build -j $(JOBS) dwell tests/integration/libfail_calls.so && \
	  DWELL_PROGRAM=$(CURDIR)/build-test/$$build/dwell \
	    DWELL_FAIL_CALLS=$(CURDIR)/build-test/$$build/tests/integration/libfail_calls.so \
	    /usr/bin/python3 -B tests/integration/call_failures.py $(COUNT) || exit 1; \
	done

camera-trials: build ## break cameras in every way we know and see them come back: TRIALS=1000
	@DWELL_PROGRAM=$(BUILD)/dwell /usr/bin/python3 -B tests/integration/camera_trials.py \
	  --trials $(or $(TRIALS),1000)

soak: ## all that takes long, two hours: soak-cameras, soak-month, kill-serve, kill-decoders
	@for what in soak-cameras soak-month kill-serve kill-decoders; do \
	  $(MAKE) --no-print-directory $$what || exit 1; \
	done

soak-cameras: build ## let RTSP cameras run and say whether anything grows: CAMERAS=16 MINUTES=30; LOOP=80: films of so many seconds
	@tools/soak --cameras $(or $(CAMERAS),16) --minutes $(or $(MINUTES),30) $(LOOP:%=--loop %) \
	  $(BUILD)/dwell

soak-month: build-test/bench/build.ninja ## a month of detections, day by day, as fast as it goes: DAYS=30 CAMERAS=2
	@ninja -C build-test/bench -j $(JOBS) tests/bench/bench-month
	@rm -rf out/month && mkdir -p out/month
	@build-test/bench/tests/bench/bench-month out/month $(or $(DAYS),30) $(or $(CAMERAS),2)

tune: build ## search the tracking settings on sequences with truth: SEQUENCES=DIR EVALUATIONS=2000
	@$(BUILD)/dwell tune --evaluations $(or $(EVALUATIONS),1000) \
	  $(sort $(wildcard $(or $(SEQUENCES),$(or $(DWELL_SHARED),../shared)/bench)/*/))

deb: setup build ## the Debian package, in out/
	@tools/deb

deb-check: setup build ## install the package on a bare Debian 12 in a folder, and upgrade it (needs root)
	@tools/deb-check

container-check: setup build ## build the container's image on a bare Debian 12 and run it (needs root, podman, runc)
	@tools/container-check

webcam-check: setup build ## measure a webcam as a kernel shows it, in a machine that is played (qemu)
	@tools/setup webcam
	@tools/webcam-check $(BUILD)/dwell

install: build ## install the program and its manual
	@meson install -C $(BUILD)

fresh-check: ## prove that the README works on a bare Debian 12, in a folder (needs root)
	@tools/fresh-check

clean: ## remove what was built
	rm -rf $(BUILD) build-test out web/dist web/node_modules
