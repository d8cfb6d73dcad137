use std::{fmt, marker::PhantomData, ops::Deref};

use bytemuck::Pod;
use bytes::Bytes;

/// An array of plain numbers that is never changed, and cheap to clone: the clones share it.
///
/// It owns its memory, or shares it with a mapped file. In a hot loop take the slice out of it first: each access
/// through the slab checks the slice's alignment anew.
pub struct Slab<T> {
    /// Aligned for `T`, and a whole number of them.
    bytes: Bytes,
    elements: PhantomData<T>,
}

/// A number, or several that lie side by side without gaps; any bits are one.
pub trait Element: Pod + Send + Sync {}

impl<T: Pod + Send + Sync> Element for T {}

/// Numbers that are seen as bytes.
struct Owner<T>(Box<[T]>);

impl<T: Element> AsRef<[u8]> for Owner<T> {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl<T: Element> Slab<T> {
    /// The array that bytes are in this machine's byte order; copied where they are not aligned for it. `None` where
    /// they are no whole number of elements.
    pub fn of_bytes(bytes: Bytes) -> Option<Self> {
        if !bytes.len().is_multiple_of(size_of::<T>().max(1)) {
            return None;
        }
        if bytemuck::try_cast_slice::<u8, T>(&bytes).is_ok() {
            return Some(Self { bytes, elements: PhantomData });
        }
        Some(bytes.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect())
    }

    /// The array's bytes, shared.
    pub fn to_bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    pub fn memory_bytes(&self) -> usize {
        self.bytes.len()
    }
}

impl<T: Element> Deref for Slab<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        bytemuck::cast_slice(&self.bytes)
    }
}

impl<T> Clone for Slab<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), elements: PhantomData }
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { bytes: Bytes::new(), elements: PhantomData }
    }
}

impl<T: Element> From<Box<[T]>> for Slab<T> {
    fn from(elements: Box<[T]>) -> Self {
        Self { bytes: Bytes::from_owner(Owner(elements)), elements: PhantomData }
    }
}

impl<T: Element> From<Vec<T>> for Slab<T> {
    fn from(elements: Vec<T>) -> Self {
        elements.into_boxed_slice().into()
    }
}

impl<T: Element, const N: usize> From<[T; N]> for Slab<T> {
    fn from(elements: [T; N]) -> Self {
        Vec::from(elements).into()
    }
}

impl<T: Element> FromIterator<T> for Slab<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        elements.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Element + PartialEq> PartialEq for Slab<T> {
    fn eq(&self, other: &Self) -> bool {
        self[..] == other[..]
    }
}

impl<T: Element> fmt::Debug for Slab<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} bytes", self.len(), size_of::<T>())
    }
}
