//! A migration that is added or changed is built in.

fn main() {
    for folder in ["postgis", "geopackage"] {
        println!("cargo::rerun-if-changed=../../migrations/{folder}");
    }
}
