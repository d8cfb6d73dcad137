//! The page is built before the crate that embeds it.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=dist");
    if !Path::new("dist/index.html").is_file() {
        println!("cargo::error=the map page is not built: run `make viewer` first");
    }
}
