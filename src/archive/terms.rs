//! The terms of one article in every taxonomy, in one piece of memory.

use std::ops::Index;

/// Places in the lists of terms; indexed by the group's place in the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Where the places of each taxonomy end in this list, and then all places.
    places: Box<[u32]>,
    taxonomies: u32,
}

impl Terms {
    /// Makes them of the places in each taxonomy.
    pub fn new(taxonomies: &[Vec<u32>]) -> Self {
        let count = taxonomies.len() as u32;
        let ends = taxonomies.iter().scan(count, |end, places| {
            *end += places.len() as u32;
            Some(*end)
        });
        Self {
            places: ends.chain(taxonomies.iter().flatten().copied()).collect(),
            taxonomies: count,
        }
    }

    /// Returns the places in each taxonomy.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.taxonomies as usize).map(|taxonomy| &self[taxonomy])
    }
}

impl Index<usize> for Terms {
    type Output = [u32];

    fn index(&self, taxonomy: usize) -> &[u32] {
        let start = match taxonomy {
            0 => self.taxonomies,
            _ => self.places[taxonomy - 1],
        };
        &self.places[start as usize..self.places[taxonomy] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_taxonomy_has_its_own_places() {
        let taxonomies = [vec![], vec![7, 3], vec![9], vec![]];
        let terms = Terms::new(&taxonomies);
        let found: Vec<&[u32]> = terms.iter().collect();
        assert_eq!(found, [&[][..], &[7, 3], &[9], &[]]);
        assert_eq!(Terms::new(&[]).iter().count(), 0);
    }
}
