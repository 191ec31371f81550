//! Typed names, and the ordered tables that hold what they name.
//!
//! Goes in: the names people wrote. Comes out: ids that cannot be mixed up (a segment's name is not
//! a node's) and tables that keep the order of writing. A duplicate name is refused, never last-one-wins.

use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

/// The name of a `T`, unique among the `T`s of a network.
pub struct Id<T>(Arc<str>, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// An id from a name.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into(), PhantomData)
    }
    /// The name as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0), PhantomData)
    }
}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A thing with a name of its own kind.
pub trait Named: Sized {
    /// The name under which a network knows it.
    fn id(&self) -> &Id<Self>;
}

/// Things by name, in the order in which they were written.
///
/// Entries are shared: two states of a plan hold the same allocation for what did not change.
#[derive(Debug)]
pub struct Table<T>(IndexMap<Id<T>, Arc<T>>);

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

impl<T: Named> Table<T> {
    /// Adds a thing.
    ///
    /// # Errors
    /// Gives the thing of the same name that is there already; the table is unchanged.
    pub fn insert(&mut self, item: T) -> Result<(), Arc<T>> {
        if let Some(there) = self.0.get(item.id()) {
            return Err(Arc::clone(there));
        }
        self.0.insert(item.id().clone(), Arc::new(item));
        Ok(())
    }

    /// Puts a thing in the place of the one of the same name, or at the end.
    pub fn put(&mut self, item: T) {
        self.0.insert(item.id().clone(), Arc::new(item));
    }

    /// Takes a thing out; the others keep their order.
    pub fn remove(&mut self, id: &Id<T>) -> Option<Arc<T>> {
        self.0.shift_remove(id)
    }
}

impl<T: Clone> Table<T> {
    /// Lets `change` change the thing of that name where it stands; it is copied first only if another
    /// table shares it. `None` if there is none.
    pub fn edit<R>(&mut self, id: &Id<T>, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.0.get_mut(id).map(|item| change(Arc::make_mut(item)))
    }
}

impl<T> Table<T> {
    /// The thing of that name.
    #[must_use]
    pub fn get(&self, id: &Id<T>) -> Option<&T> {
        self.0.get(id).map(AsRef::as_ref)
    }
    /// The shared allocation, for telling whether two states hold the very same thing.
    #[must_use]
    pub fn shared(&self, id: &Id<T>) -> Option<&Arc<T>> {
        self.0.get(id)
    }
    /// Whether there is one of that name.
    #[must_use]
    pub fn contains(&self, id: &Id<T>) -> bool {
        self.0.contains_key(id)
    }
    /// All things in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.0.values().map(AsRef::as_ref)
    }
    /// All shared allocations in order.
    pub fn iter_shared(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> + Clone {
        self.0.values()
    }
    /// All names in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = &Id<T>> + Clone {
        self.0.keys()
    }
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The position of a name in the order.
    #[must_use]
    pub fn position(&self, id: &Id<T>) -> Option<usize> {
        self.0.get_index_of(id)
    }
}
