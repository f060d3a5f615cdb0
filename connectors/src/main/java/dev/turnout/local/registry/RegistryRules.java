package dev.turnout.local.registry;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compatibility rules and modes: a subject's own, or those for all others. */
final class RegistryRules {

  /** Name under which the rule and the mode for all subjects are kept. */
  static final String GLOBAL = "";

  private static final String READ_WRITE = "READWRITE";
  private static final String READ_ONLY = "READONLY";
  private static final Set<String> ELSEWHERE = Set.of("READONLY_OVERRIDE", "IMPORT", "FORWARD");

  private final Map<String, String> rules;
  private final Map<String, String> modes;

  /** Reads and changes these maps, under the caller's lock. */
  RegistryRules(Map<String, String> rules, Map<String, String> modes) {
    this.rules = rules;
    this.modes = modes;
  }

  /** The rule that applies to a subject. */
  Compatibility rule(String subject) {
    Compatibility own = ownRule(subject);
    Compatibility global = ownRule(GLOBAL);
    return own != null ? own : global != null ? global : Compatibility.BACKWARD;
  }

  /** The rule set for a subject itself, if any. */
  @Nullable Compatibility ownRule(String subject) {
    String name = rules.get(subject);
    return name == null ? null : Compatibility.named(name);
  }

  void setRule(String subject, Compatibility rule) {
    rules.put(subject, rule.name());
  }

  /** The mode that applies to a subject. */
  String mode(String subject) {
    return modes.getOrDefault(subject, modes.getOrDefault(GLOBAL, READ_WRITE));
  }

  /** The mode set for a subject itself, if any. */
  @Nullable String ownMode(String subject) {
    return modes.get(subject);
  }

  boolean readOnly(String subject) {
    return mode(subject).equals(READ_ONLY);
  }

  void setMode(String subject, String mode) {
    String upper = mode.toUpperCase(Locale.ROOT);
    if (ELSEWHERE.contains(upper)) {
      throw RegistryError.notThere("mode " + upper);
    }
    if (!upper.equals(READ_WRITE) && !upper.equals(READ_ONLY)) {
      throw new RegistryError(
          422, 42204, "Invalid mode " + mode + "; choose READWRITE or READONLY");
    }
    modes.put(subject, upper);
  }

  void removeRule(String subject) {
    rules.remove(subject);
  }

  void removeMode(String subject) {
    modes.remove(subject);
  }
}
