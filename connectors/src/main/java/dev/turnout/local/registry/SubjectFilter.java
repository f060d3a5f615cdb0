package dev.turnout.local.registry;

/** Which versions a listing shows. */
enum SubjectFilter {
  /** Those that were not deleted. */
  LIVE,
  /** All but those deleted permanently. */
  ALL,
  /** Those deleted softly. */
  DELETED;

  boolean shows(SubjectVersion version) {
    return this == ALL || version.deleted() == (this == DELETED);
  }
}
