package dev.turnout.local.registry;

import org.jspecify.annotations.Nullable;

/**
 * A request the registry refuses, with the status and code that Confluent's REST API prescribes.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema
 *     Registry API</a>
 */
final class RegistryError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;

  RegistryError(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(404, 40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError versionNotFound(String version) {
    return new RegistryError(404, 40402, "Version " + version + " not found.");
  }

  static RegistryError schemaNotFound(String what) {
    return new RegistryError(404, 40403, "Schema not found: " + what);
  }

  static RegistryError subjectDeleted(String subject) {
    return new RegistryError(
        404,
        40404,
        "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryError subjectNotDeleted(String subject) {
    return new RegistryError(
        404,
        40405,
        "Subject '" + subject + "' was not deleted first before being permanently deleted");
  }

  static RegistryError versionDeleted(String subject, int version) {
    return new RegistryError(
        404,
        40406,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryError versionNotDeleted(String subject, int version) {
    return new RegistryError(
        404,
        40407,
        "Subject '"
            + subject
            + "' Version "
            + version
            + " was not deleted first before being permanently deleted");
  }

  static RegistryError noRule(String subject) {
    return new RegistryError(
        404,
        40408,
        "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryError noMode(String subject) {
    return new RegistryError(
        404, 40409, "Subject '" + subject + "' does not have subject-level mode configured");
  }

  static RegistryError invalid(@Nullable String why) {
    return new RegistryError(422, 42201, "Invalid schema: " + why);
  }

  static RegistryError referenced(String subject, int version) {
    return new RegistryError(
        422,
        42206,
        "One or more references exist to the schema {subject="
            + subject
            + ",version="
            + version
            + "}.");
  }

  /** What Confluent's registry has and this one does not. */
  static RegistryError notThere(String what) {
    return new RegistryError(
        501,
        501,
        what
            + " is not there in Turnout's registry, which has subjects, versions, references, ids,"
            + " compatibility rules and modes for Avro; for more, point registry.url at Confluent's"
            + " or Apicurio's");
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }
}
