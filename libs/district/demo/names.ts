/**
 * What families in a large Californian district are called. Names stand in order of how common they are: the first ones are drawn far more
 * often. They hold what breaks software made for one kind of name: diacritics, apostrophes and the ʻokina, hyphens, several words, one letter.
 */

/** The race and ethnicity categories of the US Department of Education, as OneRoster's demographics name them. */
export type Race = 'americanIndianOrAlaskaNative' | 'asian' | 'blackOrAfricanAmerican' | 'nativeHawaiianOrOtherPacificIslander' | 'white';

export interface Origin {
  name: string;
  /** Share of households. Assumption, after the ethnic and language groups that Los Angeles Unified reports; the rarer ones are rounded up so that a small district has some. */
  share: number;
  /** The family's own language, ISO 639-1 (639-2 where there is none). */
  language: string;
  /** Share of households that speak it at home rather than English. Assumption. */
  speaksIt: number;
  hispanic?: boolean;
  races: readonly Race[];
  /** Where a child born abroad was born, ISO 3166-1 alpha-2. */
  country: string;
  family: readonly string[];
  girls: readonly string[];
  boys: readonly string[];
}

const list = (names: string): readonly string[] => names.split(',').map((name) => name.trim());

export const origins: readonly Origin[] = [
  {
    name: 'Mexican American',
    share: 42,
    language: 'es',
    speaksIt: 0.6,
    hispanic: true,
    races: ['white'],
    country: 'MX',
    family:
      list(`García, Hernández, López, Martínez, González, Rodríguez, Pérez, Sánchez, Ramírez, Flores, Gómez, Díaz, Torres, Morales, Reyes, Cruz,
      Gutiérrez, Ortiz, Ramos, Chávez, Mendoza, Ruiz, Castillo, Jiménez, Vásquez, Moreno, Romero, Álvarez, Herrera, Medina, Aguilar, Vargas, Guzmán, Castro,
      Fernández, Muñoz, Rojas, Núñez, Salazar, Contreras, Ríos, Luna, Delgado, Estrada, Ortega, Guerrero, Sandoval, Maldonado, Peña, Cervantes, Cárdenas, Ávila,
      Espinoza, De la Cruz, Valdez, Zavala, Ibarra, Bañuelos, De León, Quiñónez, Montes de Oca, Ybarra, Zúñiga, Magaña, Santillán, De la Torre, Yáñez, Ponce de León`),
    girls:
      list(`Sofía, Camila, Valentina, Ximena, Isabella, Emily, Mía, Guadalupe, Daniela, María, Alondra, Jocelyn, Leslie, Fernanda, Natalia, Andrea, Ashley, Jazmín,
      Brianna, Esmeralda, Itzel, Yaretzi, Renata, Luz, Marisol, Citlali, María José, Zoé, Ana Sofía, Noemí, Paloma, Inés, Rocío, Xóchitl, Mayra, Lucía, Ana, Belén, Perla, Iris`),
    boys: list(`José, Ángel, Diego, Luis, Juan, Jesús, Mateo, Daniel, David, Carlos, Santiago, Alexander, Kevin, Anthony, Sebastián, Miguel, Alejandro, Iker, Christopher, Brandon,
      Jorge, Adrián, Emiliano, Leonardo, Fernando, Eduardo, Iván, Óscar, Josué, Andrés, Gael, Joaquín, Ulises, Juan Pablo, Martín, Noé, Saúl, Rubén, Raúl, Cuauhtémoc`),
  },
  {
    name: 'Central American',
    share: 15,
    language: 'es',
    speaksIt: 0.72,
    hispanic: true,
    races: ['white'],
    country: 'SV',
    family:
      list(`Hernández, Martínez, López, Ramírez, Rivera, Portillo, Escobar, Alvarado, Menjívar, Guevara, Cáceres, Zelaya, Orellana, Argueta, Quintanilla, Melgar, Ticas,
      Bonilla, Figueroa, Mejía, Pineda, Alfaro, Landaverde, Umaña, Recinos, Barrientos, Ajú, Tzoc, Coc, Velásquez, Us, Sac, Chávez, Funes, Iraheta, Del Cid, Sarceño`),
    girls:
      list(`Génesis, Ashley, Emily, Katherine, Michelle, Stephanie, Heidy, Nayeli, Dulce, Melany, Allison, Evelyn, Karla, Madelyn, Fátima, Yesenia, Wendy, Sury, Dayana, Abigail,
      Andrea, Gabriela, Kimberly, Marjorie, Rosa, Zury, Nathaly, Astrid, Estefany, Lourdes`),
    boys: list(`Kevin, José, Ángel, Christopher, Josué, Dylan, Bryan, Edwin, Anderson, Elmer, Wilmer, Jefferson, Steven, Carlos, Mario, Óscar, Melvin, Rodrigo, Walter, Fernando,
      Emerson, Nelson, Allan, Denis, Moisés, Erick, Víctor, Byron, Hugo, Rigoberto`),
  },
  {
    name: 'African American',
    share: 8,
    language: 'en',
    speaksIt: 0,
    races: ['blackOrAfricanAmerican'],
    country: 'US',
    family:
      list(`Williams, Johnson, Smith, Jones, Brown, Jackson, Davis, Thomas, Harris, Robinson, Washington, Taylor, Lewis, Walker, Carter, Mitchell, Coleman, Jenkins, Brooks,
      Banks, Jefferson, Booker, Gaines, Batiste, Broussard, Dorsey, Mosley, Hightower, Muhammad, St. Julien, LeBlanc, D'Arby, Bellamy-Price, Gadson, Ivory`),
    girls:
      list(`Aaliyah, Kayla, Destiny, Imani, Jada, Nia, Kennedy, Zoe, Brielle, Amari, Serenity, Skylar, Ja'Nae, Tiana, Naomi, Morgan, Londyn, A'niyah, Chloe, Autumn, Faith, Nyla,
      De'Asia, Raven, Journey, Kamryn, Zuri, Simone, Heaven, Jordan`),
    boys: list(`Jayden, Elijah, Malik, Jordan, Isaiah, Darius, Xavier, Jalen, Marcus, Christian, Josiah, Cameron, Amir, Khalil, Tyrese, De'Andre, Bryce, Trevon, Kingston, Micah, Zion,
      D'Angelo, Andre, Terrence, Jeremiah, Miles, Carter, Ja'Quan, Omari, Solomon`),
  },
  {
    name: 'Anglo American',
    share: 8,
    language: 'en',
    speaksIt: 0,
    races: ['white'],
    country: 'US',
    family:
      list(`Smith, Johnson, Miller, Anderson, Wilson, Moore, Taylor, Clark, Baker, Nelson, Campbell, Murphy, Cooper, Peterson, O'Brien, Sullivan, Bennett, Fisher, Larson, Hayes,
      McCarthy, O'Connor, Schmidt, Van der Berg, Fitzgerald, Kowalski, De Luca, D'Amico, MacKenzie, St. John, Lindqvist, Rossi, Smith-Jones, Von Arx, Müller, Ng-Carter`),
    girls:
      list(`Emma, Olivia, Ava, Charlotte, Chloe, Madison, Ella, Grace, Hannah, Lily, Harper, Audrey, Claire, Zoë, Stella, Violet, Hazel, Sadie, Piper, Eloise, Mary Kate, Quinn,
      Anne-Marie, Tess, Maeve, Siobhán, Brooke, Paige, Clementine, June`),
    boys: list(`Liam, Noah, Jack, Henry, Owen, Wyatt, Lucas, James, Benjamin, Logan, Ethan, Mason, Carter, Dylan, Luke, Finn, Hudson, Theodore, Everett, Cole, Wesley, Miles, Sean,
      Jean-Luc, Max, Otto, Beckett, J, Chase, Tucker`),
  },
  {
    name: 'Armenian',
    share: 4,
    language: 'hy',
    speaksIt: 0.75,
    races: ['white'],
    country: 'AM',
    family:
      list(`Petrosyan, Sargsyan, Hakobyan, Grigoryan, Harutyunyan, Karapetyan, Khachatryan, Hovhannisyan, Avetisyan, Mkrtchyan, Simonian, Keshishian, Ter-Petrosyan, Minasyan,
      Gevorgyan, Der Boghossian, Aghajanian, Kasparian, Manukyan, Nazaryan, Oganesyan, Melkonian, Ter-Sahakyan, Zakaryan`),
    girls: list(
      `Anahit, Nare, Ani, Mariam, Lilit, Arpine, Emma, Sona, Tatev, Hasmik, Milena, Narine, Siranush, Gayane, Nane, Elen, Lusine, Araksi, Arev, Talar`,
    ),
    boys: list(
      `Narek, Arman, Aram, Davit, Hayk, Gor, Tigran, Vahe, Alex, Armen, Levon, Artur, Gevorg, Erik, Sevak, Hovik, Raffi, Mher, Garo, Suren`,
    ),
  },
  {
    name: 'Filipino',
    share: 4,
    language: 'fil',
    speaksIt: 0.4,
    races: ['asian'],
    country: 'PH',
    family:
      list(`Santos, Reyes, Cruz, Bautista, Del Rosario, Dela Cruz, Garcia, Mendoza, Villanueva, Aquino, Ramos, Pascual, Manalo, Macaraeg, Dimaculangan, Tolentino, Magsaysay,
      Evangelista, De Guzman, Salonga, Panganiban, Catacutan, San Juan, Delos Reyes, Sy`),
    girls:
      list(`Angelica, Bea, Kristine Joy, Mary Grace, Althea, Janelle, Maria Theresa, Trisha, Precious, Princess, Jasmine, Nicole, Ma. Cristina, Hannah Mae, Liezel, Rhea, Czarina,
      Isabel, Camille, Divina`),
    boys: list(
      `John Paul, Joshua, Mark, Angelo, Christian, Jerome, Miguel, John Lloyd, Rafael, Gabriel, Carlo, Paolo, Jericho, Nathaniel, Emmanuel, Jomar, Vincent, Renz, Aldrin, Jun-Jun`,
    ),
  },
  {
    name: 'Korean',
    share: 3,
    language: 'ko',
    speaksIt: 0.6,
    races: ['asian'],
    country: 'KR',
    family: list(
      `Kim, Lee, Park, Choi, Jung, Kang, Cho, Yoon, Jang, Lim, Han, Oh, Seo, Shin, Kwon, Hwang, Ahn, Song, Hong, Yoo, Ko, Moon, Bae, O, E, Namgung`,
    ),
    girls: list(
      `Seo-yeon, Ji-woo, Grace, Ha-eun, Esther, Min-seo, Yuna, Chloe, Da-eun, Eunice, Soo-ah, Hannah, Ye-jin, Rachel, Joo-hee, Ga-young, Na-ri, Sarah, Hye-won, A-ra`,
    ),
    boys: list(
      `Min-jun, Daniel, Joon-ho, Seo-jun, David, Ji-hoon, Eugene, Hyun-woo, Joshua, Do-yun, Andrew, Sung-min, Brian, Tae-yang, Jae-won, Samuel, Yu-jin, Woo-bin, Kyung, I-an`,
    ),
  },
  {
    name: 'Chinese',
    share: 3,
    language: 'zh',
    speaksIt: 0.6,
    races: ['asian'],
    country: 'CN',
    family: list(
      `Wang, Li, Chen, Zhang, Liu, Huang, Wu, Lin, Yang, Zhao, Lau, Wong, Chan, Cheung, Ng, Leung, Xu, Zhou, Hsieh, Tsai, Ouyang, Yu, Xie, E, Au-Yeung, Szeto`,
    ),
    girls: list(
      `Emily, Mei, Jessica, Xinyi, Michelle, Yuxin, Tiffany, Jia Yi, Vivian, Wenjing, Cindy, Zihan, Amy, Lok Yan, Joyce, Qiuyue, Angela, Xiaoyu, Serena, Lü`,
    ),
    boys: list(
      `Jason, Wei, Kevin, Haoran, Eric, Zihao, Ryan, Jun Jie, Raymond, Yichen, Andrew, Tsz Hin, Alan, Minghao, Leo, Bo, Derek, Chenxi, Winston, Yi`,
    ),
  },
  {
    name: 'Vietnamese',
    share: 2,
    language: 'vi',
    speaksIt: 0.65,
    races: ['asian'],
    country: 'VN',
    family: list(`Nguyễn, Trần, Lê, Phạm, Huỳnh, Hoàng, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Tôn Thất, Âu`),
    girls: list(
      `Linh, Thảo, Vy, Kim, Ngọc, Trâm Anh, Hương, Jenny, Thùy Dương, Mai, Phương, Tiffany, Bảo Ngọc, Lan, Khánh An, My, Tuyết, Quỳnh, Ánh, Như Ý`,
    ),
    boys: list(
      `Minh, Khang, Tuấn, Andy, Huy, Bảo, Quốc, Phát, Vincent, Đức, Long, Thiên Ân, Nam, Kiệt, Hiếu, Johnny, Tín, Duy, Gia Hưng, Ý`,
    ),
  },
  {
    name: 'Persian',
    share: 1.5,
    language: 'fa',
    speaksIt: 0.6,
    races: ['white'],
    country: 'IR',
    family: list(
      `Ahmadi, Hosseini, Mohammadi, Karimi, Rahimi, Tehrani, Farahani, Ebrahimi, Yazdani, Moradi, Sadeghi-Nejad, Golshan, Kashani, Pour-Hashemi, Nikfar, Daneshvar, Shirazi`,
    ),
    girls: list(`Sara, Parisa, Shirin, Nazanin, Yasmin, Leila, Ava, Setareh, Mahsa, Kimia, Roya, Darya, Niloufar, Tara, Ghazal, Pegah`),
    boys: list(`Arya, Cyrus, Kian, Darius, Amir, Sam, Reza, Navid, Arash, Ali, Farhad, Kamran, Babak, Mani, Siavash, Ramin`),
  },
  {
    name: 'Indian',
    share: 1.5,
    language: 'hi',
    speaksIt: 0.45,
    races: ['asian'],
    country: 'IN',
    family: list(
      `Patel, Singh, Sharma, Kumar, Gupta, Shah, Reddy, Rao, Kaur, Iyer, Nair, Mehta, Desai, Chatterjee, Mukherjee, Krishnamurthy, Venkatasubramanian, Das, Bose, Subramaniam, Dhillon, K`,
    ),
    girls: list(
      `Ananya, Priya, Aanya, Diya, Saanvi, Meera, Riya, Kavya, Ishani, Lakshmi, Simran, Anika, Nandini, Pooja, Tara, Jaspreet, Sri Vidya, Uma`,
    ),
    boys: list(
      `Arjun, Rohan, Aarav, Vihaan, Krishna, Dev, Aditya, Nikhil, Ishaan, Karthik, Harpreet, Siddharth, Rahul, Vikram, Om, Manav, Jai, Venkata Ramana`,
    ),
  },
  {
    name: 'Arabic',
    share: 1.2,
    language: 'ar',
    speaksIt: 0.6,
    races: ['white'],
    country: 'SY',
    family: list(
      `Haddad, Khoury, Al-Masri, Mansour, Saleh, El-Sayed, Hamdan, Nasser, Abu Ghazaleh, Bin Laith, Najjar, Darwish, Al Hashimi, Sa'id, Younes, Abdel-Rahman, Qasim`,
    ),
    girls: list(`Fatima, Layla, Nour, Maryam, Salma, Zahra, Hala, Amira, Aya, Rana, Dina, Ru'a, Jana, Yara, Malak, Sidra`),
    boys: list(
      `Mohammed, Omar, Ahmad, Yusuf, Ali, Hassan, Khalid, Ibrahim, Zayn, Tariq, Sami, Karim, Abd al-Rahman, Elias, Bilal, Isma'il`,
    ),
  },
  {
    name: 'Jewish',
    share: 1,
    language: 'he',
    speaksIt: 0.15,
    races: ['white'],
    country: 'IL',
    family: list(
      `Cohen, Levy, Goldberg, Friedman, Katz, Rosenberg, Shapiro, Weiss, Ben-David, Azoulay, Mizrahi, Bar-Lev, Kaplan, Abramowitz, Schwartz, Peretz, Greenbaum-Stein`,
    ),
    girls: list(`Maya, Noa, Talia, Shira, Eliana, Ruth, Miriam, Ariel, Naomi, Yael, Leah, Abigail, Tamar, Rebecca, Hadassah, Chaya`),
    boys: list(`Ethan, Noam, Eitan, Asher, Daniel, Jonah, Ezra, Ari, Levi, Avi, Yonatan, Benjamin, Gideon, Jacob, Menachem, Ze'ev`),
  },
  {
    name: 'Russian',
    share: 1,
    language: 'ru',
    speaksIt: 0.6,
    races: ['white'],
    country: 'RU',
    family: list(
      `Ivanov, Petrov, Smirnov, Volkov, Sokolov, Kuznetsov, Popov, Morozov, Kozlov, Shevchenko, Bondarenko, Solov'ev, Grigor'ev, Tkachuk, Rimsky-Orlov, Yakovlev`,
    ),
    girls: list(`Sofia, Anastasia, Maria, Daria, Alisa, Polina, Ekaterina, Milana, Vera, Ksenia, Olga, Tatiana, Yulia, Darya, Zlata, Nika`),
    boys: list(`Alexander, Dmitri, Maxim, Ivan, Artem, Mikhail, Nikita, Daniil, Yegor, Sergei, Roman, Timofei, Ilya, Lev, Igor', Gleb`),
  },
  {
    name: 'Japanese',
    share: 0.8,
    language: 'ja',
    speaksIt: 0.3,
    races: ['asian'],
    country: 'JP',
    family: list(
      `Tanaka, Suzuki, Sato, Yamamoto, Nakamura, Watanabe, Kobayashi, Ito, Takahashi, Yoshida, Ōno, Inoue, Shimizu, Hayashi, Matsumoto, Fujiwara-Hughes, Ii`,
    ),
    girls: list(`Emi, Hana, Sakura, Yui, Aiko, Naomi, Mei, Rin, Kaede, Keiko, Mika, Sora, Chihiro, Yōko, Nozomi, Ran`),
    boys: list(`Kenji, Haruto, Ren, Takeshi, Riku, Daiki, Sōta, Kai, Hiroshi, Yuki, Shō, Jun, Kazuo, Makoto, Ryō, Ken`),
  },
  {
    name: 'Ethiopian',
    share: 0.6,
    language: 'am',
    speaksIt: 0.6,
    races: ['blackOrAfricanAmerican'],
    country: 'ET',
    family: list(
      `Tesfaye, Bekele, Haile, Girma, Tadesse, Alemu, Gebre-Egziabher, Kebede, Desta, Wolde Mariam, Mekonnen, Assefa, Lemma, Abebe`,
    ),
    girls: list(`Selam, Hanna, Bethlehem, Meron, Rahel, Eden, Tigist, Mahlet, Saron, Feven, Liya, Hiwot, Aster, Sara`),
    boys: list(`Dawit, Abel, Yonas, Samuel, Biruk, Henok, Natnael, Kaleb, Ermias, Yared, Mikias, Robel, Fikru, Tewodros`),
  },
  {
    name: 'Samoan and Tongan',
    share: 0.6,
    language: 'sm',
    speaksIt: 0.35,
    races: ['nativeHawaiianOrOtherPacificIslander'],
    country: 'WS',
    family: list(
      `Leota, Tuiasosopo, Faʻalogo, Faumuina, Tuilagi, Sapolu, Lealaimatafao, Maʻilo, Fa'asavalu, Seumalo, Vainikolo, Taufaʻasau, Pouono, U'ilani`,
    ),
    girls: list(`Sina, Lani, Malia, Tala, Leilani, Moana, Ana, Mele, Fetū, Lagi, Teuila, Salote, 'Ofa, Lupe`),
    boys: list(`Tavita, Sione, Iosefa, Semisi, Malakai, Tui, Fetu, Sefo, Mikaele, Tomasi, Lotu, Viliami, 'Isileli, Penitito`),
  },
  {
    name: 'Nigerian',
    share: 0.5,
    language: 'ig',
    speaksIt: 0.25,
    races: ['blackOrAfricanAmerican'],
    country: 'NG',
    family: list(`Okafor, Adeyemi, Okonkwo, Balogun, Eze, Nwosu, Ogunleye, Adebayo, Chukwu, Obi, Onyekachi, Nwachukwu-Bello, Ìdòwú`),
    girls: list(`Chioma, Adaeze, Ifeoma, Tolu, Amara, Ngozi, Folake, Blessing, Zainab, Titi, Ọlá, Kemi, Uche, Ebele`),
    boys: list(`Chidi, Emeka, Tunde, Obinna, Kelechi, Ifeanyi, Segun, Uche, Daniel, Musa, Femi, Chinedu, Ike, Oluwaseun`),
  },
  {
    name: 'Cambodian',
    share: 0.4,
    language: 'km',
    speaksIt: 0.5,
    races: ['asian'],
    country: 'KH',
    family: list(`Sok, Chea, Keo, Lim, Heng, Prak, Ouk, Sim, Ros, Un, Im, Ly`),
    girls: list(`Sophea, Bopha, Srey Mom, Kanha, Chanthy, Rachana, Sothea, Malis, Lina, Pisey, Theary, Ai`),
    boys: list(`Dara, Sokha, Rithy, Vuthy, Samnang, Kosal, Visal, Piseth, Sovann, Makara, Kim Heng, Ou`),
  },
  {
    name: 'Native American',
    share: 0.4,
    language: 'en',
    speaksIt: 0,
    races: ['americanIndianOrAlaskaNative'],
    country: 'US',
    family: list(`Begay, Yazzie, Tsosie, Benally, Morales, Lugo, Two Bulls, Red Elk, Whitehorse, Silversmith, Long Soldier, Naranjo`),
    girls: list(`Winona, Kaya, Dakota, Nizhoni, Aiyana, Cheyenne, Autumn, Tayen, Sage, Halona, Lena, Rose`),
    boys: list(`Dakota, Elan, Chayton, Hunter, Takoda, Kai, Sani, Koda, River, Ahiga, Joseph, Tate`),
  },
  {
    name: 'Thai',
    share: 0.3,
    language: 'th',
    speaksIt: 0.5,
    races: ['asian'],
    country: 'TH',
    family: list(`Suksawat, Chaiyasit, Wongsakul, Srisuwan, Phromphan, Rattanakosin, Thongchai, Saetang, Na Ayutthaya, Kittikachorn`),
    girls: list(`Ploy, Nong, Apinya, Mali, Kanya, Siriporn, Fah, Suda, Pim, Araya, Dao, Nok`),
    boys: list(`Somchai, Anan, Krit, Niran, Chai, Thanawat, Pong, Arthit, Kiet, Nat, Prasert, Win`),
  },
  {
    name: 'Hawaiian',
    share: 0.2,
    language: 'en',
    speaksIt: 0,
    races: ['nativeHawaiianOrOtherPacificIslander'],
    country: 'US',
    family: list(`Kealoha, Kahananui, Kaʻaihue, Makoa, Nāone, Kalanianaʻole, Akana, Pukui, Keawe, Ho'okano`),
    girls: list(`Leilani, Kalea, Noelani, Mahina, Kailani, Pua, Keala, Anuhea, ʻIolana, Makana`),
    boys: list(`Keanu, Kekoa, Makani, Kai, Ikaika, Nalu, Kawika, Maleko, Koa, ʻEleu`),
  },
];

/** Streets that families live in; the district and its towns are invented. */
export const streets =
  list(`Arroyo Ave, Vista Ln, Sycamore St, Juniper Way, Manzanita Dr, Olive St, Alameda St, Pepper Tree Rd, Canyon Oak Dr, Lupine Ct, Mariposa Ave, Sage Hill Rd,
  Cypress Ave, Del Mar Blvd, Orchard St, Wisteria Ln, Poppy Fields Dr, Laurel Canyon Ct, El Camino Seco, Hawthorn St, Magnolia Blvd, Foothill Dr, Bridge St, Palo Verde Ave`);

/** Invented towns, with invented postal codes. */
export const towns: readonly { name: string; postalCode: string }[] = [
  { name: 'Arroyo Vista', postalCode: '90000' },
  { name: 'Las Encinas', postalCode: '90097' },
  { name: 'Port Solano', postalCode: '90098' },
  { name: 'Mission Park', postalCode: '90000' },
];

/** People and places that schools are named after; used in turn, and numbered when a level has more schools than there are names. */
export const schoolNames =
  list(`Sycamore Canyon, Dolores Huerta, Rosa Parks, Foothill, Thurgood Marshall, Ellen Ochoa, Bayview, Sally Ride, Cesar Chavez, Mariposa, Harriet Tubman, Sierra Madre,
  Fred Korematsu, Willow Creek, Katherine Johnson, Langston Hughes, Valle Verde, Grace Hopper, Ralph Bunche, Palisade, Maya Angelou, Oak Ridge, Carlos Santana, Ida B. Wells, Alondra Park,
  Duke Kahanamoku, Larkspur, Amelia Earhart, Sandhill, Philip Vera Cruz, Jackie Robinson, Cypress Grove, Toypurina, Laguna Seca, Edward Roybal, Barbara Jordan, Pinecrest, Chien-Shiung Wu,
  William Saroyan, Mulholland Ridge, James Baldwin, Coral Point, Emma Lazarus, Monte Claro, Ruth Asawa, Stonebridge, Medgar Evers, Eucalyptus Hill, Luis Valdez, Rachel Carson, Silver Lake,
  Octavia Butler, Rio Seco, Ansel Adams, Canfield, Mary McLeod Bethune, Tierra Linda, Sonia Sotomayor, Harbor View, John Muir, Clara Barton, Elm Street, Robert Louis Stevenson, Gabrielino`);
