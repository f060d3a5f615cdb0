package dev.turnout.app.config;

/**
 * Names and creation of topics.
 *
 * @param prefix first word of every topic's name
 * @param replication copies of each topic that is created
 * @param create whether missing topics are created at start
 */
public record TopicsConfig(String prefix, short replication, boolean create) {
  static TopicsConfig from(ConfigValues values) {
    return new TopicsConfig(
        values.text("topics.prefix"),
        (short) values.whole("topics.replication"),
        values.flag("topics.create"));
  }
}
