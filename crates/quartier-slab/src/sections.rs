use std::collections::VecDeque;

use bytes::Bytes;

use crate::{Element, Misfit, Slab};

/// What consists of slabs: it can be put into a file, and be taken from the mapped file as it is.
///
/// What is taken is what was put: the file is to be checked before. What could not have been put is a [`Misfit`].
pub trait Sectioned: Sized {
    fn put_into(&self, sections: &mut Sections);

    fn take_from(sections: &mut Sections) -> Result<Self, Misfit>;
}

/// Named runs of bytes in the order in which they were put, and in which they are taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sections(VecDeque<Section>);

#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// What it is, for whoever takes it: sections that were put by another version are noticed.
    pub name: String,
    pub bytes: Bytes,
}

impl Sections {
    /// Shares the slab; nothing is copied.
    pub fn put<T: Element>(&mut self, name: &str, slab: &Slab<T>) {
        self.0.push_back(Section { name: name.to_owned(), bytes: slab.to_bytes() });
    }

    /// Puts numbers that are no slab, of which there are few.
    pub fn put_few<T: Element>(&mut self, name: &str, numbers: &[T]) {
        self.put(name, &Slab::from(numbers.to_vec()));
    }

    pub fn put_text(&mut self, name: &str, text: &str) {
        self.put_few(name, text.as_bytes());
    }

    pub fn take<T: Element>(&mut self, name: &str) -> Result<Slab<T>, Misfit> {
        let missing =
            |found: &str| Misfit::Missing { wanted: name.to_owned(), found: found.to_owned() };
        let section = self.0.pop_front().ok_or_else(|| missing(""))?;
        if section.name != name {
            return Err(missing(&section.name));
        }
        let bytes = section.bytes.len();
        Slab::of_bytes(section.bytes).ok_or(Misfit::Size { name: section.name, bytes })
    }

    /// Takes exactly so many numbers.
    pub fn take_few<T: Element, const N: usize>(&mut self, name: &str) -> Result<[T; N], Misfit> {
        let slab = self.take(name)?;
        slab[..].try_into().map_err(|_length| {
            Misfit::content(name, &format!("{} numbers and not {N}", slab.len()))
        })
    }

    pub fn take_text(&mut self, name: &str) -> Result<String, Misfit> {
        let bytes = self.take::<u8>(name)?;
        String::from_utf8(bytes.to_vec()).map_err(|error| Misfit::content(name, &error))
    }

    /// The name of the section that comes next; `None` at the end.
    pub fn next_name(&self) -> Option<&str> {
        self.0.front().map(|section| section.name.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Section> {
        self.0.iter()
    }
}

impl FromIterator<Section> for Sections {
    fn from_iter<I: IntoIterator<Item = Section>>(sections: I) -> Self {
        Self(sections.into_iter().collect())
    }
}
