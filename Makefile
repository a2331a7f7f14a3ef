# make test is what CI runs; it installs what it lacks where it may.
.PHONY: demo deny dist test lint fmt doc bench fuzz soak pictures recording tools island island-down island-test

demo:
	cargo run --release -- demo

# What is given to others: optimised across all crates, which whoever builds it for themselves need not wait for.
dist:
	cargo build --profile dist --locked

test: tools
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked --quiet
	@./.ci/deny
	rm -rf target/tmp/island
	cargo test --locked
	@tests/island/table

# Licences, sources and duplicates of what it is built from, and known holes where their list can be had.
deny:
	@./.ci/deny

lint:
	cargo clippy --all-targets -- -D warnings

fmt:
	cargo fmt

doc:
	cargo doc --no-deps --open

# Prints what the probes cost, in release.
bench:
	cargo test --release --locked --test real -- --ignored usual_intervals --nocapture

# Feeds what reads strangers' bytes with changed ones, an hour each; a bounded part of it is in every test run.
fuzz:
	@fuzz/run

# Ten thousand commands, ten gigabytes of output, a hundred thousand readings: what grows is told.
soak:
	cargo test --release --locked --test failures -- --ignored ten_thousand --nocapture

# Draws the README's picture from a real run of the demo.
pictures:
	cargo test --locked --test real -- --ignored pictures

# Records the README's film from a real run of the demo that is rolled back, as SVG and for asciinema.
recording:
	cargo test --locked --test real -- --ignored recording

# The reference document on a server of its own, with faults and the way back; prints a table.
island-test: tools
	rm -rf target/tmp/island
	cargo test --locked --test island
	@tests/island/table

# Leaves that server up, to look at.
island:
	@tests/island/look

island-down:
	@tests/island/look down

# What the tests use beyond the toolchain; without root it is named and those tests say that they were skipped.
tools:
	@./.ci/tools
