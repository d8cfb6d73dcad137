//! What a structure puts into sections is what it takes from them.
#![allow(clippy::unwrap_used, reason = "a test that cannot read its input has failed")]

use bytes::Bytes;
use proptest::prelude::*;
use quartier_slab::{Misfit, Section, Sections, Slab};

proptest! {
    #[test]
    fn what_was_put_is_taken_wherever_it_lies(
        numbers: Vec<u32>,
        fractions: Vec<f64>,
        text: String,
        shift in 0_usize..8,
    ) {
        let mut sections = Sections::default();
        sections.put("numbers", &Slab::from(numbers.clone()));
        sections.put_text("text", &text);
        sections.put("fractions", &Slab::from(fractions.clone()));
        let mut moved = moved(&sections, shift);
        prop_assert_eq!(&moved.take::<u32>("numbers").unwrap()[..], &numbers[..]);
        prop_assert_eq!(moved.take_text("text").unwrap(), text);
        let taken = moved.take::<f64>("fractions").unwrap();
        prop_assert!(taken.iter().map(|it| it.to_bits()).eq(fractions.iter().map(|it| it.to_bits())));
        prop_assert_eq!(moved.next_name(), None);
    }
}

/// The same sections in one run of bytes, as in a file, that starts anywhere.
fn moved(sections: &Sections, shift: usize) -> Sections {
    let mut file = vec![0; shift];
    sections.iter().for_each(|section| file.extend_from_slice(&section.bytes));
    let file = Bytes::from(file);
    let mut at = shift;
    let place = |section: &Section| {
        let bytes = file.slice(at..at + section.bytes.len());
        at += bytes.len();
        Section { name: section.name.clone(), bytes }
    };
    sections.iter().map(place).collect()
}

#[test]
fn sections_of_another_structure_are_named() {
    let mut sections = Sections::default();
    sections.put_few("trees", &[1_u8, 2, 3]);
    let error = sections.clone().take::<u8>("houses").unwrap_err();
    assert_eq!(error.to_string(), "section `houses` is missing: `trees` stands in its place");
    let error = sections.clone().take::<u16>("trees").unwrap_err();
    assert_eq!(error, Misfit::Size { name: "trees".to_owned(), bytes: 3 });
    assert!(matches!(sections.take_few::<u8, 2>("trees"), Err(Misfit::Content { .. })));
    assert!(matches!(sections.take::<u8>("trees"), Err(Misfit::Missing { .. })));
}
