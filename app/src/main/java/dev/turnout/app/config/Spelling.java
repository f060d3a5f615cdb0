package dev.turnout.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what a misspelt name was meant to be. */
final class Spelling {
  private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

  private Spelling() {}

  /** The nearest name within a third of the word's length in edits, if there is one. */
  static Optional<String> nearest(String word, Collection<String> names) {
    return names.stream()
        .filter(name -> EDITS.apply(word, name) <= Math.max(2, word.length() / 3))
        .min(Comparator.comparingInt(name -> EDITS.apply(word, name)));
  }
}
