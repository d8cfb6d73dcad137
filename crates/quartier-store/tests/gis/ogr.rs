use std::{
    io::ErrorKind,
    process::{Command, Output},
};

/// What `ogrinfo` says; `None`, with a notice, where there is none.
#[expect(clippy::print_stdout, reason = "a claim that is not tested says so")]
pub(crate) fn ogrinfo(arguments: &[&str]) -> Option<String> {
    let output = match Command::new("ogrinfo").arg("-ro").args(arguments).output() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: `ogrinfo` is not installed");
            return None;
        }
        output => output.unwrap(),
    };
    let Output { status, stdout, stderr } = output;
    let (said, complained) =
        (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success() && complained.is_empty(), "{said}\n{complained}");
    Some(said)
}

pub(crate) fn assert_says(said: &str, lines: &[&str]) {
    for line in lines {
        assert!(said.contains(line), "`{line}` is missing in\n{said}");
    }
}
