package dev.turnout.local.registry;

/**
 * One version of a subject.
 *
 * @param version version within the subject, from 1; never used twice
 * @param id global id of the schema
 * @param deleted softly deleted: hidden, but its id stays readable
 */
record SubjectVersion(int version, int id, boolean deleted) {

  SubjectVersion softlyDeleted() {
    return new SubjectVersion(version, id, true);
  }
}
