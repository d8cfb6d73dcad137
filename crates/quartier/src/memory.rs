//! The allocator: objects are made and dropped by the thousand with each request, and the system's own keeps what
//! they leave.
#![expect(unsafe_code, reason = "mimalloc has no safe binding for what it keeps")]

use std::ffi::c_long;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long memory that nothing uses is kept for who wants some next: what one tile took does for another, and the
/// system need not clear it anew.
const PURGE_DELAY_MS: c_long = 500;

/// `mi_option_purge_delay`, for which the binding has no name.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// To be called at the start, before there is another thread.
pub(crate) fn set_up() {
    // SAFETY: takes no pointer; nobody else reads the option meanwhile.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, PURGE_DELAY_MS) }
}

/// Gives memory that nothing uses back to the system. Loading a city takes several times what the city keeps.
pub(crate) fn give_back() {
    // SAFETY: takes no pointer, and may be called by any thread at any time.
    unsafe { libmimalloc_sys::mi_collect(true) }
}
