//! The allocator: objects are made and dropped by the thousand with each request, and the system's own keeps what
//! they leave.
#![expect(unsafe_code, reason = "mimalloc has no safe binding for giving memory back")]

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Gives memory that nothing uses back to the system. Loading a city takes several times what the city keeps.
pub(crate) fn give_back() {
    // SAFETY: takes no pointer, and may be called by any thread at any time.
    unsafe { libmimalloc_sys::mi_collect(true) }
}
