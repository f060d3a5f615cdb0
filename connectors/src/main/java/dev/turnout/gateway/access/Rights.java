package dev.turnout.gateway.access;

import dev.turnout.schema.ApiKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a caller may do.
 *
 * @param ask have queries answered
 * @param decide have queries decided without an answer
 * @param graders names to grade under; {@code *} is any
 * @param readTenants tenants whose decisions and outcomes it may read; {@code *} is all
 * @param administer use administrative endpoints
 */
public record Rights(
    boolean ask,
    boolean decide,
    List<String> graders,
    List<String> readTenants,
    boolean administer) {

  /** Stands for every name. */
  public static final String ANY = "*";

  /** Everything. */
  public static final Rights ALL = new Rights(true, true, List.of(ANY), List.of(ANY), true);

  /** Freezes the lists. */
  public Rights {
    graders = List.copyOf(graders);
    readTenants = List.copyOf(readTenants);
  }

  /** The rights of a key. */
  public static Rights of(ApiKey key) {
    return new Rights(
        key.getAsk(), key.getDecide(), key.getGraders(), key.getReadTenants(), key.getAdminister());
  }

  /** What it allows, for people: empty if nothing. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    if (ask) {
      words.add("ask");
    }
    if (decide) {
      words.add("decide");
    }
    if (mayGrade()) {
      words.add("grade as " + String.join("/", graders));
    }
    if (mayRead()) {
      words.add("read " + String.join("/", readTenants));
    }
    if (administer) {
      words.add("administer");
    }
    return words;
  }

  /** Whether it may grade under any name at all. */
  public boolean mayGrade() {
    return !graders.isEmpty();
  }

  /** Whether it may grade under this name. */
  public boolean mayGradeAs(String grader) {
    return graders.contains(ANY) || graders.contains(grader);
  }

  /** The name for a grade that has none: the first that is one. */
  Optional<String> ownGrader() {
    return graders.stream().filter(grader -> !grader.equals(ANY)).findFirst();
  }

  /** Whether it may read decisions and outcomes of any tenant at all. */
  public boolean mayRead() {
    return !readTenants.isEmpty();
  }

  /** Whether it may read this tenant's decisions and outcomes. */
  public boolean mayRead(String tenant) {
    return readTenants.contains(ANY) || readTenants.contains(tenant);
  }
}
