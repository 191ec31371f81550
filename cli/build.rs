//! Makes cargo embed the pages of findings anew when one of them changes.

fn main() {
    println!("cargo:rerun-if-changed=../docs/findings");
}
