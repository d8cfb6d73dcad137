//! Benchmarks live in `benches/`, their results in `README.md`.
