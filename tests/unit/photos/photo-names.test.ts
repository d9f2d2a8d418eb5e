import { describe, expect, it } from 'vitest'
import { isHostilePath, readPhotoName } from '../../../shared/domain/photo-names.ts'

const idCardNo = '310101199001011234'
const zhangSan = { name: '张三', lastFour: '1234' }

describe('the name of a photo', () => {
  it.each<[string, ReturnType<typeof readPhotoName>]>([
    ['310101199001011234.jpg', { type: '03', idCardNo, person: null }],
    ['31010119900101123x_正面照.JPG', { type: '03', idCardNo: '31010119900101123X', person: null }],
    ['张三-310101199001011234-国徽面.png', { type: '02', idCardNo, person: null }],
    ['张三1234.jpg', { type: '03', idCardNo: null, person: zhangSan }],
    ['张三_1234_正面.jpg', { type: '03', idCardNo: null, person: zhangSan }],
    ['12、张三 1234 身份证人像面（2）.jpg', { type: '01', idCardNo: null, person: zhangSan }],
    ['1234张三身份证反面.jpeg', { type: '02', idCardNo: null, person: zhangSan }],
    ['身份证正面张三１２３４.jpg', { type: '01', idCardNo: null, person: zhangSan }],
    ['阿迪力•买买提123x.jpg', { type: '03', idCardNo: null, person: { name: '阿迪力·买买提', lastFour: '123X' } }],
    ['张三1234身份证.jpg', { type: null, idCardNo: null, person: zhangSan }],
    ['第一批/张三1234/国徽面.jpg', { type: '02', idCardNo: null, person: zhangSan }],
    ['310101199001011234\\正面照.jpg', { type: '03', idCardNo, person: null }],
    ['张三.jpg', { type: '03', idCardNo: null, person: null }],
    ['张三13800001234.jpg', { type: '03', idCardNo: null, person: null }],
    ['IMG_20260102_1234567.jpg', { type: '03', idCardNo: null, person: null }],
  ])('%s', (path, read) => {
    expect(readPhotoName(path)).toEqual(read)
  })
})

it('A name that leads out of its folder is told from one that does not', () => {
  const hostile = ['../张三1234.jpg', 'a/../../b.jpg', '..\\b.jpg', '/etc/b.jpg', '\\\\server\\b.jpg', 'C:\\b.jpg', 'a\u0000.jpg', 'a\u202Eb.jpg/../c']
  expect(hostile.filter((path) => !isHostilePath(path))).toEqual([])
  expect(['张三1234.jpg', '甲公司/张三..1234.jpg', '甲..乙/1.jpg'].filter(isHostilePath)).toEqual([])
})
