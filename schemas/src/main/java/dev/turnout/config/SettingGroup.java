package dev.turnout.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings of one section of a configuration. A record declares its group and then its settings
 * as static fields, so the group is complete as soon as the record's class is initialised; after
 * that nothing is added.
 */
public final class SettingGroup {
  private final String section;
  private final String doc;
  private final boolean open;
  private final List<Setting<?>> settings = new ArrayList<>();

  private SettingGroup(String section, String doc, boolean open) {
    this.section = section;
    this.doc = doc;
    this.open = open;
  }

  /** A section that takes the declared settings only. */
  public static SettingGroup closed(String section, String doc) {
    return new SettingGroup(section, doc, false);
  }

  /** A section whose further keys go unchanged to a library, e.g. to the Kafka clients. */
  public static SettingGroup open(String section, String doc) {
    return new SettingGroup(section, doc, true);
  }

  /** A setting that is empty unless set. */
  public <T> Draft<T> key(String name, SettingKind<T> kind) {
    return new Draft<>(this, name, kind, "");
  }

  /** A setting with a default, given as its text or as a number. */
  public <T> Draft<T> key(String name, SettingKind<T> kind, Object defaultValue) {
    return new Draft<>(this, name, kind, text(defaultValue));
  }

  private static String text(Object value) {
    return value instanceof Double number
        ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
        : value.toString();
  }

  /** A setting that is declared once it says what it does. */
  public record Draft<T>(
      SettingGroup group, String name, SettingKind<T> kind, String defaultValue) {

    /**
     * Declares the setting.
     *
     * @param doc one sentence for people
     * @throws IllegalArgumentException if the kind does not take the default
     */
    public Setting<T> doc(String doc) {
      Setting<T> setting = new Setting<>(group.section + "." + name, kind, defaultValue, doc);
      if (!defaultValue.isEmpty()) {
        kind.read(defaultValue);
      }
      group.settings.add(setting);
      return setting;
    }
  }

  /** First word of its keys, e.g. {@code router}. */
  public String section() {
    return section;
  }

  /** What the section is for. */
  public String doc() {
    return doc;
  }

  /** Whether further keys are passed through. */
  public boolean isOpen() {
    return open;
  }

  /** The settings in the order of their declaration. */
  public List<Setting<?>> settings() {
    return List.copyOf(settings);
  }
}
