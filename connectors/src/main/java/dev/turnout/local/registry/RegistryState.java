package dev.turnout.local.registry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything the registry knows, as it stands in its file.
 *
 * @param schemas schema text by global id
 * @param subjects versions by subject, oldest first
 * @param compatibility rule by subject; the empty name is the rule for all others
 * @param modes READWRITE or READONLY by subject; the empty name is the mode for all others
 */
record RegistryState(
    SortedMap<Integer, String> schemas,
    SortedMap<String, List<SubjectVersion>> subjects,
    SortedMap<String, String> compatibility,
    SortedMap<String, String> modes) {

  static RegistryState empty() {
    return new RegistryState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }
}
