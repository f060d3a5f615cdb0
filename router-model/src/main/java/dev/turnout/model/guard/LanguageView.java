package dev.turnout.model.guard;

/** How often characters and words followed each other in the training texts. */
interface LanguageView {

  /** Texts counted. */
  int texts();

  /** Words counted, marks of begin and end included. */
  double words();

  /** How often what falls into a slot was seen. */
  double count(LanguageTable table, int slot);

  /** Logarithm of a count plus the table's smoothing. */
  double log(LanguageTable table, int slot);
}
