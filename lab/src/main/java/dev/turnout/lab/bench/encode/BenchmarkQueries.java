package dev.turnout.lab.bench.encode;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Queries for measuring, made from templates: several fields and languages, about 70 WordPiece
 * tokens each, the same ones on every machine.
 */
public final class BenchmarkQueries {
  private static final long SEED = 20_261_122L;

  private static final List<String> TEMPLATES =
      List.of(
          "A {trade} sells {n} crates of {goods} on Monday and {n} more on each of the following"
              + " {d} days. Every crate holds {n} pieces, but one in {d} is returned because it was"
              + " damaged on the way. How many pieces has the {trade} sold for good by the end of"
              + " the week? Show each step of the calculation before you give the answer.",
          "Write a {language} function that takes a list of {goods} with their prices and returns"
              + " the {d} cheapest ones in a stable order. Do not change the list that is passed in,"
              + " treat missing prices as unknown rather than as zero, and add three unit tests that"
              + " cover an empty list, equal prices and a list of {n} entries.",
          "A patient of {n} years takes {medicine} every morning and has complained for {d} weeks of"
              + " dizziness when getting up. Blood pressure is normal when lying down. Which of these"
              + " causes is the most likely one, and which examination should come first? (A)"
              + " dehydration (B) a side effect of the medicine (C) anaemia (D) an ear infection",
          "Read the clause and answer in one sentence: \"The {trade} shall deliver the {goods} within"
              + " {n} days of the order; after {d} further days the buyer may withdraw without"
              + " notice.\" The order was placed on the {d}th of March and nothing has arrived by the"
              + " {n}th of April. May the buyer withdraw, and does a reminder have to be sent first?",
          "Extract all amounts from the following message and return them as JSON with the keys"
              + " item, quantity and price: \"Hello, please send {n} {goods} at {d}.50 each and"
              + " another {d} boxes of screws for {n} in total to the {trade} in {city}. The invoice"
              + " goes to the usual address, the old one from {d} weeks ago is void.\"",
          "Explain to a pupil of {d} years why {phenomenon}. Use an example from a kitchen, avoid"
              + " formulas, and finish with a small experiment that can be done at home with {goods}"
              + " and a glass of water. Keep it below {n} words and say what the pupil should watch"
              + " for while the experiment is running.",
          "Summarise the trip for a travel diary: we left {city} at {d} in the morning, changed trains"
              + " twice, lost a bag with {n} {goods} near the border, and reached {city} only after"
              + " midnight because {phenomenon}. The tone should be light, in the first person, and"
              + " no longer than {d} sentences; mention the {trade} who helped us.",
          "Ein {trade} in {city} kauft {n} Kisten {goods} zum Preis von {d} Euro und verkauft sie mit"
              + " einem Aufschlag von {n} Prozent weiter. Wie hoch ist der Gewinn, wenn {d} Kisten"
              + " unverkauft bleiben? Begründe kurz jeden Rechenschritt.",
          "Rédigez un courriel poli à un {trade} de {city} pour expliquer que la livraison de {n}"
              + " {goods} est arrivée avec {d} jours de retard et demandez une remise de {n} pour"
              + " cent sur la prochaine commande.",
          "下列关于{topic}的说法中，哪一项是正确的？甲：它在{n}年以前就已经被{d}位学者发现；乙：它只存在于"
              + "实验室里；丙：它与日常生活有密切的关系；丁：以上说法都不对。请选出答案，并用两句话"
              + "说明理由。",
          "Given the table trips(id, city, started, minutes) write one SQL statement that returns, for"
              + " each city with more than {n} trips, the {d} longest ones and their share of all"
              + " minutes of that city; use window functions, no temporary tables, and explain how an"
              + " index on (city, minutes) would change the plan.");

  private static final List<String> TRADES =
      List.of("baker", "farmer", "printer", "carpenter", "florist", "brewer", "tailor", "grocer");
  private static final List<String> GOODS =
      List.of("apples", "candles", "bricks", "notebooks", "lamps", "bottles", "marbles", "ropes");
  private static final List<String> LANGUAGES =
      List.of("Python", "Java", "Rust", "Go", "TypeScript", "Kotlin", "C", "Haskell");
  private static final List<String> MEDICINES =
      List.of("ibuprofen", "metformin", "amlodipine", "furosemide", "sertraline", "levothyroxine");
  private static final List<String> CITIES =
      List.of("Lisbon", "Oslo", "Nairobi", "Osaka", "Lyon", "Leipzig", "Quito", "Hanoi");
  private static final List<String> PHENOMENA =
      List.of(
          "ice floats on water",
          "the sky turns red at dusk",
          "bread rises in a warm room",
          "a tuning fork makes another one ring",
          "metal feels colder than wood",
          "the moon looks larger near the horizon");
  private static final List<String> TOPICS =
      List.of("光合作用", "电磁感应", "货币政策", "板块运动", "遗传变异", "合同成立");

  private BenchmarkQueries() {}

  /** The first {@code count} queries, no two alike; up to some thousands. */
  public static List<String> of(int count) {
    Random random = new Random(SEED);
    Set<String> queries = new LinkedHashSet<>();
    while (queries.size() < count) {
      queries.add(fill(TEMPLATES.get(queries.size() % TEMPLATES.size()), random));
    }
    return List.copyOf(queries);
  }

  private static String fill(String template, Random random) {
    StringBuilder query = new StringBuilder(template.length() + 64);
    int from = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', from)) {
      int close = template.indexOf('}', open);
      query.append(template, from, open);
      query.append(word(template.substring(open + 1, close), random));
      from = close + 1;
    }
    return query.append(template, from, template.length()).toString();
  }

  private static String word(String slot, Random random) {
    return switch (slot) {
      case "n" -> Integer.toString(12 + random.nextInt(80));
      case "d" -> Integer.toString(2 + random.nextInt(9));
      case "trade" -> pick(TRADES, random);
      case "goods" -> pick(GOODS, random);
      case "language" -> pick(LANGUAGES, random);
      case "medicine" -> pick(MEDICINES, random);
      case "city" -> pick(CITIES, random);
      case "phenomenon" -> pick(PHENOMENA, random);
      case "topic" -> pick(TOPICS, random);
      default -> throw new IllegalArgumentException("template has an unknown slot: " + slot);
    };
  }

  private static String pick(List<String> words, Random random) {
    return words.get(random.nextInt(words.size()));
  }
}
