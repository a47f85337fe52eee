//! Ids are 16 bytes, made anywhere without asking anybody, and never reused.

/// Defines an id newtype over a UUID (16 bytes).
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A fresh id, sortable by the time it was made (UUID version 7).
            pub fn fresh() -> Self {
                Self(uuid::Uuid::now_v7())
            }

            /// The id whose 16 bytes these are, if there are 16 of them.
            pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
                uuid::Uuid::from_slice(bytes).ok().map(Self)
            }

            /// The id's 16 bytes.
            pub fn bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id_type! {
    /// One writer of the change log: one database file on one machine.
    ReplicaId
}
