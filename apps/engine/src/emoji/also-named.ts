/**
 * Plain names that Unicode's labels lack or give only to a part or variant ("wolf face", "waxing crescent moon"), for each
 * picture: English, then Russian.
 */
export const alsoNamed: Readonly<Record<string, string>> = {
  '1f319': 'moon луна месяц',
  '23f0': 'clock часы будильник',
  '1f408': 'kitten kitty кот котенок',
  '1f415': 'puppy щенок пес',
  '1f407': 'bunny hare заяц',
  '1f43a': 'wolf волк',
  '1f981': 'lion лев',
  '1f42f': 'tiger тигр',
  '1f43b': 'bear медведь мишка',
  '1f43c': 'panda панда',
  '1f984': 'unicorn единорог',
  '1f996': 'dinosaur динозавр',
  '1f98a': 'fox лиса лисица лисенок',
  '1f41e': 'ladybug ladybird',
  '1f9d9': 'wizard magician волшебник маг',
  '1f934': 'prince king король принц',
  '1f45e': 'shoe boot',
  '1f3a9': 'hat шляпа',
  '1f381': 'gift present',
  '1f3d9': 'city town город',
  '1f40e': 'horse лошадь конь',
  '1f404': 'cow корова',
  '1f412': 'monkey обезьяна',
  '1f438': 'frog лягушка',
  '1f42d': 'mouse мышь мышонок',
  '1f414': 'chicken hen курица',
  '1f424': 'chick цыпленок',
  '1f42c': 'dolphin дельфин',
};
