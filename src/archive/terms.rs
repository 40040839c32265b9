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
    /// Makes them of the places in each taxonomy, which may name one again.
    pub fn new<P: IntoIterator<Item = u32>>(taxonomies: impl ExactSizeIterator<Item = P>) -> Self {
        let count = taxonomies.len();
        let mut places = vec![0; count];
        for (taxonomy, own) in taxonomies.enumerate() {
            let start = places.len();
            for place in own {
                if !places[start..].contains(&place) {
                    places.push(place);
                }
            }
            places[taxonomy] = places.len() as u32;
        }
        Self {
            places: places.into_boxed_slice(),
            taxonomies: count as u32,
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
        let taxonomies = [vec![], vec![7, 3, 7], vec![9], vec![]];
        let terms = Terms::new(taxonomies.iter().map(|own| own.iter().copied()));
        let found: Vec<&[u32]> = terms.iter().collect();
        assert_eq!(found, [&[][..], &[7, 3], &[9], &[]]);
        assert_eq!(Terms::new([[0; 0]; 0].into_iter()).iter().count(), 0);
    }
}
